import type { Expression } from './types';

/** VRM 1's preset expressions. */
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

/** VRM 1's preset by VRM 0's name. VRM 0 has no `surprised`. */
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

/** Weight of a full mood. VRM's moods are drawn for an extreme face; at full weight they distort the other shapes. */
const MOOD = 0.8;

/**
 * Writes VRM's weights, 0 to 1, for ARKit's values into `out`, in the order of VRM_PRESETS. The five vowels share the
 * mouth and sum to 1 at most; moods suppress each other. `blink` is for avatars without a shape per lid: the lid that is
 * more open decides.
 */
export function writeVrmWeights(e: Expression, out: Float32Array): void {
  const blinkLeft = lid(e.eyeBlinkLeft);
  const blinkRight = lid(e.eyeBlinkRight);
  writeMoods(e, out);
  writeVowels(e, out);
  out[BLINK] = Math.min(blinkLeft, blinkRight);
  out[BLINK + 1] = blinkLeft;
  out[BLINK + 2] = blinkRight;
  const x = gazeLeft(e);
  const y = gazeUp(e);
  out[LOOK] = clamp(y, 0, 1);
  out[LOOK + 1] = clamp(-y, 0, 1);
  out[LOOK + 2] = clamp(x, 0, 1);
  out[LOOK + 3] = clamp(-x, 0, 1);
}

const HAPPY = VRM_PRESETS.indexOf('happy');
const VOWELS = VRM_PRESETS.indexOf('aa');
const BLINK = VRM_PRESETS.indexOf('blink');
const LOOK = VRM_PRESETS.indexOf('lookUp');

/** happy, angry, sad, surprised */
function writeMoods(e: Expression, out: Float32Array): void {
  const smile = ramp((e.mouthSmileLeft + e.mouthSmileRight) / 2, 0.15, 0.85);
  const frown = ramp((e.mouthFrownLeft + e.mouthFrownRight) / 2, 0.15, 0.7);
  const scowl = ramp((e.browDownLeft + e.browDownRight) / 2, 0.3, 0.9);
  const raised = ramp((e.browInnerUp + e.browOuterUpLeft + e.browOuterUpRight) / 3, 0.25, 0.8);
  out[HAPPY] = MOOD * smile;
  out[HAPPY + 1] = MOOD * scowl * (1 - smile);
  out[HAPPY + 2] = MOOD * frown * (1 - smile) * (1 - scowl);
  out[HAPPY + 3] = MOOD * raised * (1 - smile) * (1 - frown) * ramp(e.jawOpen, 0.1, 0.5);
}

/** aa, ih, ou, ee, oh, by the shape of open lips: round for ou and oh, wide for ee and ih. */
function writeVowels(e: Expression, out: Float32Array): void {
  const open = ramp(e.jawOpen - 0.7 * e.mouthClose, 0.04, 0.6);
  const round = ramp(Math.max(e.mouthPucker, e.mouthFunnel), 0.15, 0.8);
  const wide = ramp((e.mouthStretchLeft + e.mouthStretchRight) / 2, 0.15, 0.7) * (1 - round);
  out[VOWELS] = open * (1 - round) * (1 - wide);
  out[VOWELS + 1] = wide * (1 - open) * 0.6;
  out[VOWELS + 2] = round * (1 - open);
  out[VOWELS + 3] = wide * open;
  out[VOWELS + 4] = round * open;
}

/** Horizontal gaze of both eyes, -1 to 1, positive to the subject's left. */
export function gazeLeft(e: Expression): number {
  return clamp((e.eyeLookOutLeft - e.eyeLookInLeft + e.eyeLookInRight - e.eyeLookOutRight) / 2, -1, 1);
}

/** Vertical gaze of both eyes, -1 to 1, positive upwards. */
export function gazeUp(e: Expression): number {
  return clamp((e.eyeLookUpLeft + e.eyeLookUpRight - e.eyeLookDownLeft - e.eyeLookDownRight) / 2, -1, 1);
}

/** Closes a lid fully before the measured value reaches 1, and opens it fully before 0: noise there is not shown. */
function lid(value: number): number {
  return ramp(value, 0.12, 0.75);
}

function ramp(value: number, from: number, to: number): number {
  return clamp((value - from) / (to - from), 0, 1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
