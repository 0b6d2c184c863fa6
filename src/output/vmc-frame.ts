import { NECK_SHARE } from '../face/bone-name';
import { partOf } from '../face/rotation';
import { EXPRESSION_NAMES, type Face, type Quaternion, type Seconds } from '../face/types';
import { VRM_PRESETS, VRM0_PRESETS, writeVrmWeights } from '../face/vrm-expressions';

/** Names of shapes that receivers of the VMC protocol know. */
export const VMC_MAPPINGS = ['arkit', 'vrm'] as const;
export type VmcMapping = (typeof VMC_MAPPINGS)[number];

/** One frame for the server's bridge. */
export interface BridgeFrame {
  readonly time: Seconds;
  /** 0 to 1. */
  readonly blend: Readonly<Record<string, number>>;
  /** Local rotations in Unity's axes: x to the avatar's right, y up, z forwards. */
  readonly bones: Readonly<Record<string, Quaternion>>;
}

/** The bundle's values for the names of the mapping. `time`: of the frame, seconds. */
export function vmcFrame(face: Face, time: Seconds, mapping: VmcMapping): BridgeFrame {
  const bone = (share: number) => toUnity(partOf(face.pose.rotation, share));
  const blend = mapping === 'arkit' ? arkitBlend(face) : vrmBlend(face);
  return { time, blend, bones: { Neck: bone(NECK_SHARE), Head: bone(1 - NECK_SHARE) } };
}

/** Peekaboo has x to the subject's left and right-handed axes; Unity's are left-handed. */
function toUnity([x, y, z, w]: Quaternion): Quaternion {
  return [x, -y, -z, w];
}

/** "Perfect sync": EyeBlinkLeft and so on. */
function arkitBlend({ expressionValues }: Face): Record<string, number> {
  const entries = EXPRESSION_NAMES.map((name, i) => [capital(name), rounded(expressionValues[i] ?? 0)]);
  return Object.fromEntries(entries);
}

/** The names of VRM 0, which the protocol uses: A, I, U, E, O, Blink_L, Joy, … */
function vrmBlend({ expression }: Face): Record<string, number> {
  const weights = new Float32Array(VRM_PRESETS.length);
  writeVrmWeights(expression, weights);
  const entries = Object.entries(VRM0_PRESETS)
    // An avatar that has one shape per lid would close its eyes twice.
    .filter(([name]) => name !== 'blink')
    .map(([name, preset]) => [vrmName(name), rounded(weights[VRM_PRESETS.indexOf(preset)] ?? 0)]);
  return Object.fromEntries(entries);
}

/** blink_l → Blink_L, lookup → LookUp. */
function vrmName(name: string): string {
  const [, direction] = /^look(.*)$/.exec(name) ?? [];
  if (direction) return `Look${capital(direction)}`;
  return name.split('_').map(capital).join('_');
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
