import { at, float32At, float64At } from '../face/at';
import { mapRegions } from '../face/regions';
import { conjugate, multiply, normaliseQuaternion, partOf } from '../face/rotation';
import type { CropCamera, FaceData, Quaternion, Seconds } from '../face/types';
import { seenOf } from './seen';
import { EXPRESSION_PARTS, expressionsOf } from './smooth-expression';

/** A face without its mask and what is computed from its coefficients. */
export type TrackedFace = Omit<FaceData, 'landmarks68' | 'landmarks478' | 'mask'>;

/** What the filters give for one frame. */
export interface Filtered {
  readonly camera: CropCamera;
  readonly expression: Float32Array;
  readonly light: Float32Array;
  /** In the order of REGIONS. */
  readonly visibility: Float32Array;
}

/** Time constant with which a filter is reliable again after a cover has left, s. */
const SETTLED = 0.08;
/** Hidden share of the face from which its pose counts as hidden. */
const HIDDEN_POSE = 0.15;
/** Hidden share of a region from which its expressions count as hidden. */
const HIDDEN_PART = 0.5;
/** Age at which both directions count about equally, s. */
const EQUAL = 0.02;

export function indices(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Results of the forward and the backward filters, blended. */
interface Blended {
  readonly camera: CropCamera | undefined;
  readonly expression: Float32Array;
  readonly light: Float32Array;
  readonly visibility: FaceData['visibility'];
}

/** Returns the function that blends the results of both directions for frame `i`; one of them may be missing. */
export function createBlend(times: readonly Seconds[], faces: readonly TrackedFace[]) {
  const hiddenPose = ({ state, visibility }: TrackedFace) =>
    state === 'held' ? 1 : (1 - seenOf(visibility)) / HIDDEN_POSE;
  const pose = backwardShares(times, faces.map(hiddenPose));
  const parts = EXPRESSION_PARTS.map((part) => {
    const hidden = ({ state, visibility }: TrackedFace) =>
      state === 'held' ? 1 : (1 - seenOf(visibility, part.regions)) / HIDDEN_PART;
    return { indices: expressionsOf(part), shares: backwardShares(times, faces.map(hidden)) };
  });
  return (i: number, forwards: Filtered | undefined, backwards: Filtered | undefined): Blended => {
    const some = forwards ?? backwards;
    if (!some) throw new RangeError(`frame ${i} was not filtered`);
    const [before, after] = [forwards ?? some, backwards ?? some];
    const expression = before.expression.slice();
    for (const { indices: own, shares } of parts) {
      for (const k of own) expression[k] = mix(before.expression, after.expression, k, float64At(shares, i));
    }
    return {
      camera: mixCameras(before.camera, after.camera, float64At(pose, i)),
      expression,
      light: before.light.map((_, k) => mix(before.light, after.light, k, 0.5)),
      visibility: mapRegions((_, k) => mix(before.visibility, after.visibility, k, 0.5)),
    };
  };
}

function mix(a: Float32Array, b: Float32Array, k: number, share: number): number {
  return float32At(a, k) + share * (float32At(b, k) - float32At(a, k));
}

function mixCameras(a: CropCamera, b: CropCamera, share: number): CropCamera {
  const mixed = (x: number, y: number) => x + share * (y - x);
  return {
    ...a,
    centre: [mixed(a.centre[0], b.centre[0]), mixed(a.centre[1], b.centre[1])],
    scale: Math.exp(mixed(Math.log(a.scale), Math.log(b.scale))),
    rotation: turnTowards(a.rotation, b.rotation, share),
  };
}

function turnTowards(from: Quaternion, to: Quaternion, share: number): Quaternion {
  return normaliseQuaternion(multiply(from, partOf(multiply(conjugate(from), to), share)));
}

/**
 * The share of the backward result in each frame, 0 to 1. `hidden`: hidden share of each frame; 1 and more is hidden
 * completely.
 */
function backwardShares(times: readonly Seconds[], hidden: readonly number[]): Float64Array {
  const order = indices(times.length);
  const before = agesOf(times, hidden, order);
  const after = agesOf(times, hidden, order.toReversed());
  return before.map((age, i) => (age + EQUAL) / (age + float64At(after, i) + 2 * EQUAL));
}

/** How long the cover has lasted in the direction of `order`, s; after it, the age decays. */
function agesOf(times: readonly Seconds[], hidden: readonly number[], order: readonly number[]): Float64Array {
  const ages = new Float64Array(times.length);
  let age = 0;
  let last: Seconds | undefined;
  for (const i of order) {
    const time = at(times, i);
    const seconds = Math.abs(time - (last ?? time));
    const share = Math.min(1, Math.max(0, at(hidden, i)));
    age = age * Math.exp((-(1 - share) * seconds) / SETTLED) + share * seconds;
    ages[i] = age;
    last = time;
  }
  return ages;
}
