import { at } from '../../src/face/at';
import { conjugate, logarithm, multiply } from '../../src/face/rotation';
import type { FaceData, Vector3 } from '../../src/face/types';
import type { RecordedTruth, Recording } from './recording';

/** A tracked face with its ground truth in one frame; the face is null if none was found. */
export interface Pair {
  readonly time: number;
  readonly truth: RecordedTruth;
  readonly face: FaceData | null;
}

/** 478 × (x, y) of one frame, or null. */
export type Points = ArrayLike<number> | null;

const DEGREES = 180 / Math.PI;
/** MediaPipe's numbers of the outer eye corners. */
const EYE_RIGHT = 33;
const EYE_LEFT = 263;

export function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Pairs the first person's ground truth with the first tracked face. */
export function pairs({ frames }: Recording, faces: readonly (readonly FaceData[])[]): Pair[] {
  return frames.flatMap(({ time, truth }, i) => {
    const own = truth[0];
    return own ? [{ time, truth: own, face: faces[i]?.[0] ?? null }] : [];
  });
}

/** mm in the frame's camera. */
export function placeError({ truth, face }: Pair): Vector3 | null {
  if (!face) return null;
  const at = (axis: 0 | 1 | 2) => face.pose.translation[axis] - truth.pose.translation[axis];
  return [at(0), at(1), at(2)];
}

/** Degrees, as a rotation vector. */
export function turnError({ truth, face }: Pair): Vector3 | null {
  if (!face) return null;
  const [x, y, z] = logarithm(multiply(conjugate(truth.pose.rotation), face.pose.rotation));
  return [x * DEGREES, y * DEGREES, z * DEGREES];
}

/** Root mean square of the frame-to-frame change of an error, from frame `from` on. */
export function jitter(errors: readonly (Vector3 | null)[], from: number): number {
  const changes = errors.slice(from).flatMap((error, i, all) => {
    const before = all[i - 1];
    return error && before ? [Math.hypot(error[0] - before[0], error[1] - before[1], error[2] - before[2])] : [];
  });
  return rms(changes);
}

/** 478 × (x, y) of a face. */
export function pointsOf(face: FaceData | null | undefined): Points {
  if (!face) return null;
  const out = new Float32Array(478 * 2);
  for (let i = 0; i < 478; i++) {
    out[2 * i] = at(face.landmarks478, 3 * i);
    out[2 * i + 1] = at(face.landmarks478, 3 * i + 1);
  }
  return out;
}

/**
 * Normalised mean jitter as published with WFLW-V (LDEQ, CVPR 2023): root mean square over frames and points of the change
 * of the error from frame to frame in % of the face's size, √(w·h) of the true points' box (there w·h / 256², for points that
 * run from 0 to 1 in pictures of 256 pixels).
 */
export function nmj(points: readonly Points[], truth: readonly Points[], from: number): number {
  const squares: number[] = [];
  for (let i = Math.max(1, from); i < points.length; i++) {
    const [now, before, is, was] = [points[i], points[i - 1], truth[i], truth[i - 1]];
    if (!now || !before || !is || !was) continue;
    const size = boxSize(is);
    for (let k = 0; k < 468; k++) {
      const x = change(now, before, 2 * k) - change(is, was, 2 * k);
      const y = change(now, before, 2 * k + 1) - change(is, was, 2 * k + 1);
      squares.push(Math.hypot(x, y) / size);
    }
  }
  return 100 * rms(squares);
}

function change(now: ArrayLike<number>, before: ArrayLike<number>, i: number): number {
  return at(now, i) - at(before, i);
}

function boxSize(points: ArrayLike<number>): number {
  const box = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < 468; i++) {
    for (const axis of [0, 1] as const) {
      const value = at(points, 2 * i + axis);
      box[axis] = Math.min(at(box, axis), value);
      box[2 + axis] = Math.max(at(box, 2 + axis), value);
    }
  }
  const [left, top, right, bottom] = box as [number, number, number, number];
  return Math.sqrt((right - left) * (bottom - top));
}

/** Distance of the outer eye corners, pixels. */
export function eyeDistance(points: ArrayLike<number>): number {
  const apart = (axis: number) => at(points, 2 * EYE_LEFT + axis) - at(points, 2 * EYE_RIGHT + axis);
  return Math.hypot(apart(0), apart(1));
}

/** Mean distance of two sets of points in % of the eyes' distance in `truth`. */
export function pointsApart(a: ArrayLike<number>, b: ArrayLike<number>, truth: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < 468; i++) {
    sum += Math.hypot(at(a, 2 * i) - at(b, 2 * i), at(a, 2 * i + 1) - at(b, 2 * i + 1));
  }
  return (100 * sum) / 468 / eyeDistance(truth);
}

/**
 * Lag of a signal behind its reference, milliseconds: the shift that maximises their correlation. NaN for a constant
 * signal.
 */
export function lag(times: readonly number[], signal: readonly number[], reference: readonly number[]): number {
  let best = Number.NaN;
  let most = 0;
  for (let delay = -0.06; delay < 0.2; delay += 0.001) {
    const likeness = correlation(times, signal, reference, delay);
    if (likeness > most) {
      most = likeness;
      best = delay;
    }
  }
  return Math.round(best * 1000);
}

function correlation(
  times: readonly number[],
  signal: readonly number[],
  reference: readonly number[],
  delay: number,
): number {
  const moved: [number, number][] = [];
  let j = 0;
  for (const [i, time] of times.entries()) {
    const earlier = time - delay;
    while (j + 2 < times.length && at(times, j + 1) <= earlier) j += 1;
    const [from, to] = [at(times, j), at(times, j + 1)];
    if (earlier < from || earlier > to) continue;
    const share = (earlier - from) / (to - from);
    moved.push([at(signal, i), (1 - share) * at(reference, j) + share * at(reference, j + 1)]);
  }
  const [a, b] = [mean(moved.map(([value]) => value)), mean(moved.map(([, value]) => value))];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [x, y] of moved) {
    ab += (x - a) * (y - b);
    aa += (x - a) ** 2;
    bb += (y - b) ** 2;
  }
  return ab / Math.sqrt(Math.max(1e-12, aa * bb));
}
