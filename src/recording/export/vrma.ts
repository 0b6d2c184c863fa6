import { gazeAngles, turnOf } from '../../face/angles';
import { float32At } from '../../face/at';
import { NECK_SHARE } from '../../face/bone-name';
import { viewExpression } from '../../face/expression';
import { partOf } from '../../face/rotation';
import { EXPRESSION_NAMES, REGIONS, type Vector3 } from '../../face/types';
import { VRM_PRESETS, type VrmPreset, writeVrmWeights } from '../../face/vrm-expressions';
import { expressionAt, type FaceTrack, rotationAt } from './face-track';
import { GlbData, glbFile, type Json, type Sampler } from './glb';
import { alongX, rotations, visibilitySamplers } from './head-glb';

/** A body in T-pose: each bone's parent and its offset from it, metres. VRM requires all bones but the neck. */
const BONES: readonly (readonly [name: string, parent: string | null, offset: Vector3])[] = [
  ['hips', null, [0, 0.95, 0]],
  ['spine', 'hips', [0, 0.12, 0]],
  ['neck', 'spine', [0, 0.37, 0]],
  ['head', 'neck', [0, 0.09, 0]],
  ...(['left', 'right'] as const).flatMap((side) => {
    const x = side === 'left' ? 1 : -1;
    const limbs: (readonly [string, string | null, Vector3])[] = [
      [`${side}UpperArm`, 'spine', [0.16 * x, 0.32, 0]],
      [`${side}LowerArm`, `${side}UpperArm`, [0.25 * x, 0, 0]],
      [`${side}Hand`, `${side}LowerArm`, [0.24 * x, 0, 0]],
      [`${side}UpperLeg`, 'hips', [0.09 * x, -0.05, 0]],
      [`${side}LowerLeg`, `${side}UpperLeg`, [0, -0.41, 0]],
      [`${side}Foot`, `${side}LowerLeg`, [0, -0.41, 0]],
    ];
    return limbs;
  }),
];
const BONE_NAMES = BONES.map(([name]) => name);

/** Gaze is the rotation of the `lookAt` node; the format has no `look…` expressions. */
const PRESETS = VRM_PRESETS.filter((name) => !name.startsWith('look'));

/**
 * The track as VRMA (VRMC_vrm_animation 1.0): rotations of neck and head, the preset expressions derived from ARKit's
 * values, ARKit's 52 as custom expressions ("perfect sync"), and the gaze. Further nodes, `visibility_REGION`, hold the
 * visibility of each region in the x of their translation.
 */
export function vrma(track: FaceTrack): Generator<Uint8Array<ArrayBuffer>> {
  const data = new GlbData({ accessors: 0, views: 0, bytes: 0 });
  const bones = BONES.map(([name, , translation]) => ({ name, translation, ...childrenOf(name) }));
  const firstPreset = bones.length;
  const firstCustom = firstPreset + PRESETS.length;
  const look = firstCustom + EXPRESSION_NAMES.length;
  const firstRegion = look + 1;
  const nodes = [
    ...bones,
    ...PRESETS.map((name) => ({ name: `expression_${name}` })),
    ...EXPRESSION_NAMES.map((name) => ({ name: `expression_${name}` })),
    { name: 'lookAt' },
    ...REGIONS.map((name) => ({ name: `visibility_${name}` })),
  ];
  const animation = data.animation(track.name || 'Recording', track.times, [
    ...headSamplers(track),
    ...presetSamplers(track, firstPreset),
    ...EXPRESSION_NAMES.map((_, k) => weight(track, firstCustom + k, (i) => float32At(expressionAt(track, i), k))),
    { node: look, path: 'rotation', values: rotations(track, (expression) => turnOf(gazeAngles(expression))) },
    ...visibilitySamplers(track, firstRegion),
  ]);
  const json: Json = {
    asset: { version: '2.0', generator: 'Peekaboo' },
    extensionsUsed: ['VRMC_vrm_animation'],
    extensions: {
      VRMC_vrm_animation: {
        specVersion: '1.0',
        humanoid: { humanBones: Object.fromEntries(BONE_NAMES.map((name, node) => [name, { node }])) },
        expressions: { preset: numbered(PRESETS, firstPreset), custom: numbered(EXPRESSION_NAMES, firstCustom) },
        lookAt: { node: look, offsetFromHeadBone: [0, 0.06, 0] },
      },
    },
    scene: 0,
    scenes: [{ nodes: [...nodes.keys()].filter((node) => node === 0 || node >= firstPreset) }],
    nodes,
    animations: [animation],
    accessors: data.accessors,
    bufferViews: data.views,
    buffers: [{ byteLength: data.bytes }],
  };
  return glbFile(json, data.parts);
}

function childrenOf(name: string): { children?: number[] } {
  const children = BONES.flatMap(([, parent], i) => (parent === name ? [i] : []));
  return children.length > 0 ? { children } : {};
}

function numbered(names: readonly string[], first: number): Json {
  return Object.fromEntries(names.map((name, i) => [name, { node: first + i }]));
}

function weight(track: FaceTrack, node: number, read: (i: number) => number): Sampler {
  return { node, path: 'translation', values: alongX(track, read) };
}

function headSamplers(track: FaceTrack): Sampler[] {
  const share = (part: number) => {
    const values = new Float32Array(4 * track.times.length);
    for (let i = 0; i < track.times.length; i++) values.set(partOf(rotationAt(track, i), part), 4 * i);
    return values;
  };
  return [
    { node: BONE_NAMES.indexOf('neck'), path: 'rotation', values: share(NECK_SHARE) },
    { node: BONE_NAMES.indexOf('head'), path: 'rotation', values: share(1 - NECK_SHARE) },
  ];
}

function presetSamplers(track: FaceTrack, first: number): Sampler[] {
  const width = VRM_PRESETS.length;
  const all = new Float32Array(width * track.times.length);
  for (let i = 0; i < track.times.length; i++) {
    writeVrmWeights(viewExpression(expressionAt(track, i)), all.subarray(i * width, (i + 1) * width));
  }
  const read = (name: VrmPreset) => (i: number) => float32At(all, i * width + VRM_PRESETS.indexOf(name));
  return PRESETS.map((name, k) => weight(track, first + k, read(name)));
}
