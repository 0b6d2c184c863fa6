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

/** What can be seen of the face while a camera is measured. */
export interface Sight {
  readonly visibility: FaceData['visibility'];
  /** False where nothing was measured. */
  readonly measured: boolean;
}

export interface CameraSmoother {
  step(camera: CropCamera, time: Seconds, sight: Sight): CropCamera;
  reset(): void;
}

/**
 * What a cover may push a pose off by, for each share of the face that it hides: the network then sees a chin in the hand.
 * Measured with rendered hands over mouth, eyes and face.
 */
const PUSH = { centre: 18, scale: 0.16, rotation: 0.5 } as const;
/**
 * Hidden share from which a place is pushed in full. Less of a cover leaves the network enough to place the face by: to
 * hold it there would be to miss the head's own way.
 */
const BLIND = 0.7;
/**
 * Seconds for which a cover that moved goes on pushing: the network, and the crop it is given, take a while to settle.
 * `hidden` times the square of the share that is hidden: with a third of the face gone the answer is steady at once, with
 * two thirds it goes astray for long. What moves later is the head.
 */
const SETTLING = { least: 0.05, hidden: 0.4 } as const;
/** Under a cover visibility flickers by so much where nothing moves. */
const FLICKER = 0.07;
/** While a cover lies still it goes on pushing by this share a √second. */
const IDLE = 0.06;
const LEAST_TRUST = 0.2;
/** Below this share the pose goes on as foreseen. */
const HOLD = 0.12;
const CLEAR = 0.97;

export function createCameraSmoother(rates: CameraRates): CameraSmoother {
  const centre = createMotionFilter(2, rates.centre);
  const scale = createMotionFilter(1, rates.scale);
  const rotation = createRotationFilter(rates.rotation);
  /** Frame pixels per millimetre of the first look: makes the rates independent of the face's size. */
  let unit: number | undefined;
  const unrest = createUnrest();

  return {
    step(camera, time, { visibility, measured }) {
      unit ??= camera.scale;
      const seen = seenOf(visibility);
      const push = unrest.step(visibility, time);
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
      for (const part of [unrest, centre, scale, rotation]) part.reset();
    },
  };
}

/** How much a cover may push with each look: by what it hid and showed just now. */
function createUnrest() {
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
 * The motion filter on rotations: what it is told is the rotation vector from its own last answer to the new rotation, so
 * no axis is special and no angle wraps.
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
