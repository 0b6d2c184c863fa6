import { eyeAngles, turnOf } from '../../face/angles';
import { at, float32At } from '../../face/at';
import { type FaceModel, modelAlbedo, modelVertices, PART_NAMES, vertexNormals } from '../../face/face-model';
import { EXPRESSION_NAMES, type Quaternion, REGIONS, type Vector3 } from '../../face/types';
import { expressionAt, type FaceTrack, visibilityAt } from './face-track';
import { GlbData, glbFile, type Json, type Sampler } from './glb';

const METRES = 1e-3;

/**
 * The person's head of the face model as GLB, with the track as its animation. Nodes, in metres:
 *
 * - `Head`: rotation and position in the camera's axes; its mesh has 52 morph targets, named in `extras.targetNames`.
 * - `EyeLeft`, `EyeRight`: in the middle of the eyes, without a mesh; their rotation is the gaze, for rigs with eye bones.
 * - `visibility_REGION`: the x of its translation is the visibility of the region, 0 to 1.
 */
export function headGlb(track: FaceTrack, model: FaceModel): Generator<Uint8Array<ArrayBuffer>> {
  const data = new GlbData({ accessors: 0, views: 0, bytes: 0 });
  const rest = restOf(track, model);
  const mesh = headMesh(data, rest, model);
  const eyes = (['eyeLeft', 'eyeRight'] as const).map((part) => centreOf(rest.vertices, model, part));
  const visibilities = REGIONS.map((region) => ({ name: `visibility_${region}` }));
  const nodes = [
    { name: 'Head', mesh: 0, children: [1, 2] },
    { name: 'EyeLeft', translation: eyes[0] },
    { name: 'EyeRight', translation: eyes[1] },
    { name: 'Visibility', children: visibilities.map((_, i) => 4 + i) },
    ...visibilities,
  ];
  const animation = data.animation(track.name || 'Recording', track.times, [
    { node: 0, path: 'rotation', values: track.rotation },
    { node: 0, path: 'translation', values: track.translation.map((value) => value * METRES) },
    { node: 0, path: 'weights', values: track.expression },
    ...eyeSamplers(track, 1, 2),
    ...visibilitySamplers(track, 4),
  ]);
  const json: Json = {
    asset: { version: '2.0', generator: 'Peekaboo' },
    scene: 0,
    scenes: [{ nodes: [0, 3] }],
    nodes,
    meshes: [mesh],
    materials: [SKIN],
    animations: [animation],
    accessors: data.accessors,
    bufferViews: data.views,
    buffers: [{ byteLength: data.bytes }],
  };
  return glbFile(json, data.parts);
}

const SKIN = { name: 'Skin', pbrMetallicRoughness: { metallicFactor: 0, roughnessFactor: 0.6 } };

/** Samplers of the two nodes that turn with the eyes. */
function eyeSamplers(track: FaceTrack, left: number, right: number): Sampler[] {
  const turns = (side: 'Left' | 'Right') => rotations(track, (expression) => turnOf(eyeAngles(expression, side)));
  return [
    { node: left, path: 'rotation', values: turns('Left') },
    { node: right, path: 'rotation', values: turns('Right') },
  ];
}

/** Samplers of the nodes of REGIONS, from node `first` on. */
export function visibilitySamplers(track: FaceTrack, first: number): Sampler[] {
  return REGIONS.map((_, region) => ({
    node: first + region,
    path: 'translation',
    values: alongX(track, (i) => float32At(visibilityAt(track, i), region)),
  }));
}

/** Translations with `read(i)` as x. */
export function alongX({ times }: FaceTrack, read: (i: number) => number): Float32Array {
  const values = new Float32Array(3 * times.length);
  for (let i = 0; i < times.length; i++) values[3 * i] = read(i);
  return values;
}

/** A rotation for the expression of each sample. */
export function rotations(track: FaceTrack, read: (expression: Float32Array) => Quaternion): Float32Array {
  const values = new Float32Array(4 * track.times.length);
  for (let i = 0; i < track.times.length; i++) values.set(read(expressionAt(track, i)), 4 * i);
  return values;
}

interface Rest {
  /** About the model's origin, metres. */
  readonly vertices: Float32Array;
  readonly colours: Float32Array;
}

function restOf({ identity, albedo }: FaceTrack, model: FaceModel): Rest {
  const vertices = new Float32Array(3 * model.vertexCount);
  modelVertices(model, identity, new Float32Array(EXPRESSION_NAMES.length), vertices);
  for (const [i, value] of vertices.entries()) vertices[i] = (value - at(model.origin, i % 3)) * METRES;
  const colours = modelAlbedo(model, albedo, new Float32Array(3 * model.vertexCount));
  return { vertices, colours: colours.map((value) => Math.min(1, Math.max(0, value))) };
}

function headMesh(data: GlbData, { vertices, colours }: Rest, model: FaceModel): Json {
  const normals = vertexNormals(model, vertices, new Float32Array(vertices.length));
  const attributes = {
    POSITION: data.floats(vertices, 3, { vertices: true, bounds: true }),
    NORMAL: data.floats(normals, 3, { vertices: true }),
    COLOR_0: data.floats(colours, 3, { vertices: true }),
  };
  const targets = EXPRESSION_NAMES.map((_, k) => {
    const start = k * vertices.length;
    const moved = model.expressionBasis.slice(start, start + vertices.length).map((value) => value * METRES);
    return { POSITION: data.floats(moved, 3, { vertices: true, bounds: true }) };
  });
  return {
    name: 'Head',
    primitives: [{ attributes, indices: data.indices(model.triangles), material: 0, targets }],
    weights: EXPRESSION_NAMES.map(() => 0),
    extras: { targetNames: EXPRESSION_NAMES },
  };
}

/** Mean of the vertices of a part. */
function centreOf(vertices: Float32Array, { part }: FaceModel, name: (typeof PART_NAMES)[number]): Vector3 {
  const wanted = PART_NAMES.indexOf(name);
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (const [vertex, index] of part.entries()) {
    if (index !== wanted) continue;
    count += 1;
    for (let k = 0; k < 3; k++) sum[k as 0 | 1 | 2] += float32At(vertices, 3 * vertex + k);
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}
