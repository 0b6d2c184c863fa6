import * as v from 'valibot';
import { eyeAngles, turnOf } from '../../face/angles';
import { arkitName } from '../../face/arkit-name';
import { float32At } from '../../face/at';
import { boneOf, NECK_SHARE, type VrmBone } from '../../face/bone-name';
import { expressionIndex } from '../../face/expression';
import { conjugate, IDENTITY, multiply, normaliseQuaternion, partOf } from '../../face/rotation';
import { type Quaternion, REGIONS } from '../../face/types';
import { RecordingError } from '../recording-error';
import { expressionAt, type FaceTrack, rotationAt } from './face-track';
import { GlbData, glbFile, type Sampler } from './glb';
import { type Gltf, readGlb, targetNamesOf } from './gltf-file';
import { visibilitySamplers } from './head-glb';

/** VRM 0 looks along −z. */
const HALF_TURN: Quaternion = [0, 1, 0, 0];

/**
 * An avatar with the track as a further animation: morph targets with ARKit's names in any spelling, rotations of head and
 * neck, and of the eyes unless targets move them. Everything else of the file is kept. Throws RecordingError for a file that
 * has neither such targets nor a head.
 */
export function avatarGlb(track: FaceTrack, file: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  const { json, binary } = readGlb(file);
  const samplers = [...morphSamplers(json, track), ...boneSamplers(json, track)];
  if (samplers.length === 0) {
    throw new RecordingError(
      'missing',
      'This avatar has neither morph targets with ARKit’s names nor a head bone, so a GLB of it would not move. Export a VRM animation instead.',
    );
  }
  const data = new GlbData({
    accessors: json.accessors.length,
    views: json.bufferViews.length,
    bytes: binary.length,
  });
  const first = json.nodes.length;
  const all = [...samplers, ...visibilitySamplers(track, first + 1)];
  const animation = data.animation(track.name || 'Recording', track.times, all);
  const visibilities = [
    { name: 'Visibility', children: REGIONS.map((_, i) => first + 1 + i) },
    ...REGIONS.map((region) => ({ name: `visibility_${region}` })),
  ];
  const [buffer = { byteLength: 0 }, ...buffers] = json.buffers;
  const whole = {
    ...withoutEmpty(json),
    nodes: [...json.nodes.map(withoutDefaults), ...visibilities],
    scenes: scenesWith(json, first),
    accessors: [...json.accessors, ...data.accessors],
    bufferViews: [...json.bufferViews, ...data.views],
    buffers: [{ ...buffer, byteLength: data.bytes }, ...buffers],
    animations: [...json.animations, animation],
  };
  return glbFile(whole, [binary, ...data.parts]);
}

/** glTF forbids empty lists, which reading adds. */
function withoutEmpty(json: Gltf): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    Array.isArray(value) ? value.length === 0 : typeof value === 'object' && JSON.stringify(value) === '{}';
  return Object.fromEntries(Object.entries(json).filter(([, value]) => !isEmpty(value)));
}

function withoutDefaults({ name, children, ...node }: Gltf['nodes'][number]) {
  return { ...(name ? { name } : {}), ...(children.length > 0 ? { children } : {}), ...node };
}

const scenesSchema = v.fallback(v.array(v.looseObject({ nodes: v.optional(v.array(v.number()), []) })), []);

/** The scenes with one more node in the first. */
function scenesWith(json: Gltf, node: number) {
  const [scene = { nodes: [] }, ...others] = v.parse(scenesSchema, json.scenes);
  return [{ ...scene, nodes: [...scene.nodes, node] }, ...others];
}

/** A sampler for each node whose mesh has at least one target with a known name; targets without one stay at 0. */
function morphSamplers(json: Gltf, track: FaceTrack): Sampler[] {
  return json.nodes.flatMap(({ mesh }, node) => {
    const names = mesh === undefined ? [] : targetNamesOf(json.meshes[mesh] ?? { primitives: [] });
    const indices = names.map((name) => {
      const known = arkitName(name);
      return known === null ? -1 : expressionIndex(known);
    });
    if (indices.every((index) => index < 0)) return [];
    const values = new Float32Array(indices.length * track.times.length);
    for (let i = 0; i < track.times.length; i++) {
      const expression = expressionAt(track, i);
      for (const [k, index] of indices.entries()) {
        if (index >= 0) values[i * indices.length + k] = float32At(expression, index);
      }
    }
    return [{ node, path: 'weights' as const, values }];
  });
}

function boneSamplers(json: Gltf, track: FaceTrack): Sampler[] {
  const { bones, isTurned } = bonesOf(json);
  const parts: [VrmBone, (i: number) => Quaternion][] = [
    ['neck', (i) => partOf(rotationAt(track, i), bones.head === undefined ? 1 : NECK_SHARE)],
    ['head', (i) => partOf(rotationAt(track, i), bones.neck === undefined ? 1 : 1 - NECK_SHARE)],
    ...(movesEyes(json)
      ? []
      : (['Left', 'Right'] as const).map((side): [VrmBone, (i: number) => Quaternion] => [
          side === 'Left' ? 'leftEye' : 'rightEye',
          (i) => turnOf(eyeAngles(expressionAt(track, i), side)),
        ])),
  ];
  const parents = parentsOf(json);
  return parts.flatMap(([bone, turn]) => {
    const node = bones[bone];
    // glTF does not animate a node with a matrix.
    if (node === undefined || json.nodes[node]?.matrix) return [];
    const parent = worldRotation(json, parents, parents.get(node));
    const rest = rotationOf(json, node);
    const values = new Float32Array(4 * track.times.length);
    for (let i = 0; i < track.times.length; i++) {
      const inAvatar = isTurned ? multiply(multiply(HALF_TURN, turn(i)), conjugate(HALF_TURN)) : turn(i);
      values.set(multiply(multiply(multiply(conjugate(parent), inAvatar), parent), rest), 4 * i);
    }
    return [{ node, path: 'rotation' as const, values }];
  });
}

/** Whether morph targets move the eyes. */
function movesEyes({ meshes }: Gltf): boolean {
  return meshes.some((mesh) => targetNamesOf(mesh).some((name) => arkitName(name)?.startsWith('eyeLook')));
}

const vrm1Schema = v.looseObject({
  humanoid: v.looseObject({ humanBones: v.record(v.string(), v.looseObject({ node: v.number() })) }),
});
const vrm0Schema = v.looseObject({
  humanoid: v.looseObject({ humanBones: v.array(v.looseObject({ bone: v.string(), node: v.number() })) }),
});

/** Nodes of the bones, by the file's VRM data or by names. `isTurned`: the avatar looks along −z. */
function bonesOf(json: Gltf): { bones: Partial<Record<string, number>>; isTurned: boolean } {
  const vrm1 = v.safeParse(vrm1Schema, json.extensions.VRMC_vrm);
  if (vrm1.success) {
    const entries = Object.entries(vrm1.output.humanoid.humanBones).map(([name, { node }]) => [name, node]);
    return { bones: Object.fromEntries(entries), isTurned: false };
  }
  const vrm0 = v.safeParse(vrm0Schema, json.extensions.VRM);
  if (vrm0.success) {
    const entries = vrm0.output.humanoid.humanBones.map(({ bone, node }) => [bone, node]);
    return { bones: Object.fromEntries(entries), isTurned: true };
  }
  const bones: Partial<Record<string, number>> = {};
  for (const [node, { name, mesh }] of json.nodes.entries()) {
    const bone = boneOf(name);
    // The eyes of a head without bones are meshes about another origin.
    if (bone && !(mesh !== undefined && bone.endsWith('Eye'))) bones[bone] ??= node;
  }
  return { bones, isTurned: false };
}

function parentsOf({ nodes }: Gltf): ReadonlyMap<number, number> {
  return new Map(nodes.flatMap(({ children }, parent) => children.map((child) => [child, parent] as const)));
}

/** The rotation of a node at rest; a matrix counts as none. */
function rotationOf({ nodes }: Gltf, node: number): Quaternion {
  const [x, y, z, w] = nodes[node]?.rotation ?? IDENTITY;
  return normaliseQuaternion([x ?? 0, y ?? 0, z ?? 0, w ?? 1]);
}

function worldRotation(json: Gltf, parents: ReadonlyMap<number, number>, node: number | undefined): Quaternion {
  let rotation = IDENTITY;
  const seen = new Set<number>();
  for (let at = node; at !== undefined && !seen.has(at); at = parents.get(at)) {
    seen.add(at);
    rotation = multiply(rotationOf(json, at), rotation);
  }
  return rotation;
}
