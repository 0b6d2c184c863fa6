import type { Expression } from '../../face/types';

/** VRM 1's preset expressions; VRM 0's have other names for the same. */
export const VRM_PRESETS = [
  'happy',
  'angry',
  'sad',
  'surprised',
  'aa',
  'ih',
  'ou',
  'ee',
  'oh',
  'blink',
  'blinkLeft',
  'blinkRight',
  'lookUp',
  'lookDown',
  'lookLeft',
  'lookRight',
] as const;
export type VrmPreset = (typeof VRM_PRESETS)[number];

/** What VRM 0 calls them. `sorrow` is sad, `joy` happy; VRM 0 has no surprise. */
export const VRM0_PRESETS: Readonly<Record<string, VrmPreset>> = {
  joy: 'happy',
  angry: 'angry',
  sorrow: 'sad',
  a: 'aa',
  i: 'ih',
  u: 'ou',
  e: 'ee',
  o: 'oh',
  blink: 'blink',
  blink_l: 'blinkLeft',
  blink_r: 'blinkRight',
  lookup: 'lookUp',
  lookdown: 'lookDown',
  lookleft: 'lookLeft',
  lookright: 'lookRight',
};

/** VRM's moods are drawn for a full smile or frown: less of them reads better beside the other shapes. */
const MOOD = 0.8;

/**
 * VRM's weights, 0 to 1, for ARKit's numbers. The five vowels share what the mouth does and sum to 1 at most; moods give
 * way to each other. `blink` is for avatars that cannot wink: both lids down.
 */
export function vrmWeights(e: Expression): Record<VrmPreset, number> {
  const blinkLeft = lid(e.eyeBlinkLeft);
  const blinkRight = lid(e.eyeBlinkRight);
  const smile = ramp((e.mouthSmileLeft + e.mouthSmileRight) / 2, 0.15, 0.85);
  const frown = ramp((e.mouthFrownLeft + e.mouthFrownRight) / 2, 0.15, 0.7);
  const scowl = ramp((e.browDownLeft + e.browDownRight) / 2, 0.3, 0.9);
  const raised = ramp((e.browInnerUp + e.browOuterUpLeft + e.browOuterUpRight) / 3, 0.25, 0.8);
  const happy = MOOD * smile;
  return {
    happy,
    angry: MOOD * scowl * (1 - smile),
    sad: MOOD * frown * (1 - smile) * (1 - scowl),
    surprised: MOOD * raised * (1 - smile) * (1 - frown) * ramp(e.jawOpen, 0.1, 0.5),
    ...vowels(e),
    blink: Math.min(blinkLeft, blinkRight),
    blinkLeft,
    blinkRight,
    ...looks(e),
  };
}

/** Open lips by how they are shaped: round ones for o and u, wide ones for e and i. */
function vowels(e: Expression): Record<'aa' | 'ih' | 'ou' | 'ee' | 'oh', number> {
  const open = ramp(e.jawOpen - 0.7 * e.mouthClose, 0.04, 0.6);
  const round = ramp(Math.max(e.mouthPucker, e.mouthFunnel), 0.15, 0.8);
  const wide = ramp((e.mouthStretchLeft + e.mouthStretchRight) / 2, 0.15, 0.7) * (1 - round);
  const ou = round * (1 - open);
  const oh = round * open;
  const ee = wide * open;
  const ih = wide * (1 - open) * 0.6;
  const aa = open * (1 - round) * (1 - wide);
  return { aa, ih, ou, ee, oh };
}

/** Where both eyes look, -1 to 1: x to the subject's left, y up. */
export function gaze(e: Expression): { readonly x: number; readonly y: number } {
  const left = e.eyeLookOutLeft - e.eyeLookInLeft;
  const right = e.eyeLookInRight - e.eyeLookOutRight;
  const up = e.eyeLookUpLeft + e.eyeLookUpRight - e.eyeLookDownLeft - e.eyeLookDownRight;
  return { x: clamp((left + right) / 2, -1, 1), y: clamp(up / 2, -1, 1) };
}

function looks(e: Expression): Record<'lookUp' | 'lookDown' | 'lookLeft' | 'lookRight', number> {
  const { x, y } = gaze(e);
  return { lookUp: clamp(y, 0, 1), lookDown: clamp(-y, 0, 1), lookLeft: clamp(x, 0, 1), lookRight: clamp(-x, 0, 1) };
}

/** A lid that is nearly down counts as closed, and one that trembles as open. */
function lid(value: number): number {
  return ramp(value, 0.12, 0.75);
}

function ramp(value: number, from: number, to: number): number {
  return clamp((value - from) / (to - from), 0, 1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
