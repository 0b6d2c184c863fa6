import { at } from './at';
import { viewExpression } from './expression';
import { angleBetween } from './rotation';
import { EXPRESSION_NAMES, type Face, type FaceData, REGIONS, type RestingFace, type Seconds } from './types';

/** Upper limit of a resting value: more than this is a pulled face, not a face at rest. */
const MOST = 0.6;

/**
 * The face with its expression relative to `restingFace`: (c − rest) / (1 − rest), at least 0, so that 1 stays 1. A resting
 * face that was set before is replaced. Coefficients, points and pose do not change: they fit the picture.
 * Throws RangeError unless `restingFace` has 52 values from 0 to below 1.
 */
export function withRestingFace(face: Face, restingFace: RestingFace): Face {
  const measured = face.coefficients.expression;
  if (restingFace.length !== measured.length) {
    throw new RangeError(`resting face: ${restingFace.length} values instead of ${measured.length}`);
  }
  const wrong = restingFace.findIndex((value) => !(value >= 0 && value < 1));
  if (wrong >= 0) {
    throw new RangeError(
      `resting face: ${at(EXPRESSION_NAMES, wrong)} must be from 0 to below 1, not ${at(restingFace, wrong)}`,
    );
  }
  const expressionValues = measured.map((value, i) => {
    const rest = at(restingFace, i);
    return Math.max(0, (value - rest) / (1 - rest));
  });
  return { ...face, expressionValues, restingFace, expression: viewExpression(expressionValues) };
}

/** Why a frame cannot be used: there is no face, something covers it, it is turned away, or it moves. */
export type Obstacle = 'no-face' | 'covered' | 'turned' | 'moving';

/** Progress of a capture; an obstacle restarts it. */
export type RestingFaceProgress =
  | { readonly state: 'looking'; readonly share: number; readonly obstacle?: Obstacle }
  | { readonly state: 'done'; readonly restingFace: RestingFace };

export interface RestingFaceCapture {
  /** Adds a frame; `face` undefined where there is none. Reads the coefficients, so a resting face set before does not matter. */
  step(face: FaceData | undefined, time: Seconds): RestingFaceProgress;
}

/** Seconds of frames that make a resting face, and the least number of them. */
const SPAN = 1;
const LEAST = 5;
/** Least visibility of each region. */
const VISIBLE = 0.7;
/** Cosine of the largest angle to the camera; largest change of an expression, or of the head's rotation in radians. */
const FACING = Math.cos(Math.PI / 6);
const MOST_CHANGE = 0.25;

/**
 * Measures a resting face: the medians over one second of frames in which the face is uncovered, faces the camera and
 * keeps still. A blink does not change a median.
 */
export function createRestingFaceCapture(): RestingFaceCapture {
  let samples: Float32Array[] = [];
  let start: Seconds = 0;
  let first: FaceData | undefined;

  const restart = (obstacle: Obstacle): RestingFaceProgress => {
    samples = [];
    first = undefined;
    return { state: 'looking', share: 0, obstacle };
  };
  return {
    step(face, time) {
      if (!face || face.state === 'held') return restart('no-face');
      if (facing(face) < FACING) return restart('turned');
      if (REGIONS.some((region) => face.visibility[region] < VISIBLE)) return restart('covered');
      if (first && (first.id !== face.id || moved(first, face))) return restart('moving');
      if (!first) start = time;
      first ??= face;
      samples.push(face.coefficients.expression);
      const share = Math.min(1, (time - start) / SPAN);
      if (share < 1 || samples.length < LEAST) return { state: 'looking', share };
      return { state: 'done', restingFace: EXPRESSION_NAMES.map((_, i) => Math.min(MOST, medianAt(samples, i))) };
    },
  };
}

/** Cosine of the angle between the face's forward axis and the viewer's direction. */
function facing({ camera: { rotation } }: FaceData): number {
  const [x, y] = rotation;
  return 1 - 2 * (x * x + y * y);
}

function medianAt(samples: readonly Float32Array[], i: number): number {
  return at(
    samples.map((sample) => at(sample, i)).sort((a, b) => a - b),
    Math.floor(samples.length / 2),
  );
}

/** Whether an expression or the head has changed since the first frame. */
function moved(first: FaceData, { coefficients, camera }: FaceData): boolean {
  const turn = angleBetween(first.camera.rotation, camera.rotation);
  const changed = SLOW.some((i) => {
    return Math.abs(at(coefficients.expression, i) - at(first.coefficients.expression, i)) > MOST_CHANGE;
  });
  return changed || turn > MOST_CHANGE;
}

/** All expressions but the eyes': blinks and glances are brief, and the median ignores them. */
const SLOW = EXPRESSION_NAMES.flatMap((name, i) => (name.startsWith('eye') ? [] : [i]));
