import { at } from '../../src/face/at';
import type { CropCamera, Face, Pose, Region } from '../../src/face/types';

/** The unsmoothed output of a tracker on a clip, frame by frame, with the ground truth. Plain data, stored as JSON. */
export interface Recording {
  readonly clip: string;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly frames: readonly RecordedFrame[];
}

export interface RecordedFrame {
  readonly time: number;
  /** Ground truth of each person; empty for a clip without ground truth. */
  readonly truth: readonly RecordedTruth[];
  readonly faces: readonly RecordedFace[];
  /** MediaPipe's points, 478 × (x, y) pixels; null if it found no face or did not run. */
  readonly rival: readonly number[] | null;
}

export interface RecordedTruth {
  readonly pose: Pose;
  readonly expression: readonly number[];
  readonly visibility: Readonly<Record<Region, number>>;
  readonly visible: number;
  /** 478 × (x, y), pixels. */
  readonly points: readonly number[];
}

/** A face without the values that are computed from its coefficients. */
export interface RecordedFace {
  readonly id: number;
  readonly state: Face['state'];
  readonly presence: number;
  readonly pose: Pose;
  readonly camera: CropCamera;
  readonly crop: Face['crop'];
  readonly visibility: Readonly<Record<Region, number>>;
  readonly identity: readonly number[];
  readonly expression: readonly number[];
  readonly albedo: readonly number[];
  readonly light: readonly number[];
}

/** Rounds to 4 decimals, which is finer than every measured difference. */
export function rounded(values: ArrayLike<number>, stride = 1, take = stride): number[] {
  const out: number[] = [];
  for (let i = 0; i < values.length; i += stride) {
    for (let k = 0; k < take; k++) out.push(Math.round(at(values, i + k) * 1e4) / 1e4);
  }
  return out;
}

export function recordFace(face: Face): RecordedFace {
  const { id, state, presence, pose, camera, crop, visibility, coefficients } = face;
  return {
    id,
    state,
    presence,
    pose,
    camera,
    crop,
    visibility,
    identity: rounded(coefficients.identity),
    expression: rounded(coefficients.expression),
    albedo: rounded(coefficients.albedo),
    light: rounded(coefficients.light),
  };
}
