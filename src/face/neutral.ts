import { nameExpression } from './expression';
import { EXPRESSION_NAMES, type Face, REGIONS, type Seconds } from './types';

/** A resting face: what each expression measures at rest, in the order of EXPRESSION_NAMES, 0 to MOST. */
export type Neutral = readonly number[];

/** More than this is no rest, but a face that is made. */
const MOST = 0.6;

/**
 * The face with its resting face as zero: (v − rest) / (1 − rest), never below 0, so that 1 stays 1. Only the named
 * expressions change; coefficients, points and pose go on fitting the picture.
 */
export function withNeutral(face: Face, neutral: Neutral): Face {
  const values = Float32Array.from(EXPRESSION_NAMES, (name, i) => {
    const rest = neutral[i] ?? 0;
    return Math.max(0, (face.expression[name] - rest) / (1 - rest));
  });
  return { ...face, expression: nameExpression(values) };
}

/** Why a look cannot be used: there is no face, something hides it, it turns away, or it moves. */
export type Obstacle = 'no-face' | 'covered' | 'turned' | 'moving';

/** How far it has come; an obstacle starts it over. */
export type NeutralProgress =
  | { readonly state: 'looking'; readonly share: number; readonly obstacle?: Obstacle }
  | { readonly state: 'done'; readonly neutral: Neutral };

export interface NeutralCapture {
  /** The expressions as measured, not those with another resting face taken off. */
  step(face: Face | undefined, time: Seconds): NeutralProgress;
}

/** Seconds of looks that make a resting face, and the fewest of them. */
const SPAN = 1;
const LEAST = 5;
/** Each region must be visible by this much. */
const VISIBLE = 0.7;
/** Cosine of the most that the face may be turned away; the most that an expression, or the head (radians), may change. */
const FACING = Math.cos(Math.PI / 6);
const MOST_CHANGE = 0.25;

/**
 * The middle values of a second of looks at a face that is whole to be seen, faces the camera and keeps still: a blink
 * meanwhile does not count.
 */
export function createNeutralCapture(): NeutralCapture {
  let looks: Face['expression'][] = [];
  let start: Seconds = 0;
  let first: Face | undefined;

  const startOver = (obstacle: Obstacle): NeutralProgress => {
    looks = [];
    first = undefined;
    return { state: 'looking', share: 0, obstacle };
  };
  return {
    step(face, time) {
      if (!face || face.state === 'held') return startOver('no-face');
      if (facing(face) < FACING) return startOver('turned');
      if (REGIONS.some((region) => face.visibility[region] < VISIBLE)) return startOver('covered');
      if (first && (first.id !== face.id || moved(first, face))) return startOver('moving');
      if (!first) start = time;
      first ??= face;
      looks.push(face.expression);
      const share = Math.min(1, (time - start) / SPAN);
      if (share < 1 || looks.length < LEAST) return { state: 'looking', share };
      return {
        state: 'done',
        neutral: EXPRESSION_NAMES.map((name) => Math.min(MOST, middle(looks.map((look) => look[name])))),
      };
    },
  };
}

/** Cosine of the angle between the face's forward and the way to the viewer. */
function facing({ camera: { rotation } }: Face): number {
  const [x, y] = rotation;
  return 1 - 2 * (x * x + y * y);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Whether an expression or the head has changed since the first look. */
function moved(first: Face, { expression, camera }: Face): boolean {
  const [x, y, z, w] = camera.rotation;
  const [a, b, c, d] = first.camera.rotation;
  const turn = 2 * Math.acos(Math.min(1, Math.abs(x * a + y * b + z * c + w * d)));
  const changed = EXPRESSION_NAMES.some(
    (name) => !isQuick(name) && Math.abs(expression[name] - first.expression[name]) > MOST_CHANGE,
  );
  return changed || turn > MOST_CHANGE;
}

/** A blink or a glance is no other face; the middle does not feel it. */
function isQuick(name: string): boolean {
  return name.startsWith('eye');
}
