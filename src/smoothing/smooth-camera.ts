import { float64At } from '../face/at';
import { conjugate, exponential, logarithm, multiply, normaliseQuaternion } from '../face/rotation';
import { type CropCamera, type FaceData, type Quaternion, REGIONS, type Seconds } from '../face/types';
import { createMotionFilter, type Measurement } from './motion-filter';
import type { MotionSettings } from './motion-models';
import { seenOf, seenShare } from './seen';

export interface CameraRates {
  /** Millimetres at the face. */
  readonly centre: MotionSettings;
  /** The logarithm of the scale. */
  readonly scale: MotionSettings;
  /** Radians. */
  readonly rotation: MotionSettings;
}

/** How reliable a measured camera is. */
export interface CameraEvidence {
  readonly visibility: FaceData['visibility'];
  /** False where the face was not seen. */
  readonly measured: boolean;
}

export interface CameraSmoother {
  step(camera: CropCamera, time: Seconds, evidence: CameraEvidence): CropCamera;
  reset(): void;
}

/**
 * Error that a cover adds to a pose, per hidden share of the face: the network takes the hand for a chin. Measured with
 * rendered hands over mouth, eyes and face.
 */
const PUSH = { centre: 18, scale: 0.16, rotation: 0.5 } as const;
/**
 * Hidden share from which the position error counts fully. With less hidden, the network still locates the face, and a
 * larger error estimate would suppress the head's own motion.
 */
const BLIND = 0.7;
/**
 * Time constant with which the effect of a moved cover decays, s: the network and its crop need some frames to settle. It is
 * `hidden` times the square of the hidden share: with a third of the face hidden the output is stable at once, with two
 * thirds it drifts for long. Later changes are motion of the head.
 */
const SETTLING = { least: 0.05, hidden: 0.4 } as const;
/** Change of the visibility under a cover that does not move: jitter. */
const FLICKER = 0.07;
/** Effect of a cover that lies still, share per √second. */
const IDLE = 0.06;
const LEAST_TRUST = 0.2;
/** Below this visible share the pose is only predicted. */
const HOLD = 0.12;
const CLEAR = 0.97;

export function createCameraSmoother(rates: CameraRates): CameraSmoother {
  const centre = createMotionFilter(2, rates.centre);
  const scale = createMotionFilter(1, rates.scale);
  const rotation = createRotationFilter(rates.rotation);
  /** Frame pixels per millimetre in the first frame: makes the rates independent of the face's size. */
  let unit: number | undefined;
  const coverMotion = createCoverMotion();

  return {
    step(camera, time, { visibility, measured }) {
      unit ??= camera.scale;
      const seen = seenOf(visibility);
      const push = coverMotion.step(visibility, time);
      const trust = measured && seen >= HOLD ? Math.max(LEAST_TRUST, seen) : 0;
      const how = (size: number): Measurement => ({ trust, push: size * push, clear: seen >= CLEAR });
      const [x, y] = camera.centre;
      const placed = PUSH.centre * Math.min(1, (1 - seen) / BLIND);
      const millimetres = centre.step([x / unit, y / unit], time, how(placed));
      return {
        ...camera,
        centre: [float64At(millimetres, 0) * unit, float64At(millimetres, 1) * unit],
        scale: Math.exp(float64At(scale.step([Math.log(camera.scale)], time, how(PUSH.scale)), 0)),
        rotation: rotation.step(camera.rotation, time, how(PUSH.rotation)),
      };
    },
    reset() {
      unit = undefined;
      for (const part of [coverMotion, centre, scale, rotation]) part.reset();
    },
  };
}

/** Estimates how much a cover moved, from the recent changes of the visibility. */
function createCoverMotion() {
  let last: { readonly visibility: FaceData['visibility']; readonly time: Seconds } | undefined;
  let moved = 0;
  return {
    step(visibility: FaceData['visibility'], time: Seconds): number {
      const seconds = last ? time - last.time : 0;
      const change = REGIONS.reduce((sum, region) => {
        const before = last ? last.visibility[region] : visibility[region];
        return sum + Math.abs(seenShare(visibility[region]) - seenShare(before)) / REGIONS.length;
      }, 0);
      const seen = seenOf(visibility);
      const comes = last !== undefined && seenOf(last.visibility) >= CLEAR;
      last = { visibility, time };
      moved = Math.max(comes || change > FLICKER ? change : 0, moved * Math.exp(-seconds / settling(seen)));
      return moved < 0.005 ? IDLE * (1 - seen) * Math.sqrt(seconds) : moved;
    },
    reset() {
      last = undefined;
      moved = 0;
    },
  };
}

function settling(seen: number): Seconds {
  return Math.max(SETTLING.least, SETTLING.hidden * (1 - seen) ** 2);
}

export interface RotationFilter {
  step(value: Quaternion, time: Seconds, measurement?: Measurement): Quaternion;
  reset(): void;
}

/**
 * The motion filter for rotations. Its input is the rotation vector from its last result to the new rotation, so no axis is
 * special and no angle wraps.
 */
export function createRotationFilter(settings: MotionSettings): RotationFilter {
  const filter = createMotionFilter(3, settings);
  let smooth: Quaternion | undefined;
  return {
    step(value, time, measurement) {
      const from = smooth ?? value;
      const way = filter.step(logarithm(multiply(conjugate(from), value)), time, measurement).slice();
      filter.shift(way);
      smooth = normaliseQuaternion(
        multiply(from, exponential([float64At(way, 0), float64At(way, 1), float64At(way, 2)])),
      );
      return smooth;
    },
    reset() {
      smooth = undefined;
      filter.reset();
    },
  };
}
