import { at, float32At } from './at';
import { addBasis } from './face-model';
import { decodeHalf } from './half';
import { toMatrix } from './rotation';
import type { Coefficients, CropCamera } from './types';

/**
 * The residual of MediaPipe's landmarks to the same points of the face model, as a function of identity, expression and
 * view. MediaPipe's landmarks slide over the skin, which a linear model cannot reproduce. Trained by
 * `python -m peekaboo_training landmark-shift`.
 */
export interface LandmarkShift {
  readonly rank: number;
  /** rank × INPUTS */
  readonly reduce: Float32Array;
  /** rank × 478 × (right, up), mm */
  readonly spread: Float32Array;
}

const POINTS = 478;
/** Inputs: identity 80, expression 52, then x, y, x², xy, y² of the direction to the camera, and 1. */
const EXPRESSION = 80;
const VIEW = EXPRESSION + 52;
const INPUTS = VIEW + 5 + 1;

/** MediaPipe's indices of iBUG's points 17 to 67: brows, nose, eyes, lips. The 17 points of the contour have none. */
const MEDIAPIPE_OF_IBUG = [
  ...[70, 63, 105, 66, 107, 336, 296, 334, 293, 300],
  ...[168, 6, 195, 4, 98, 97, 2, 326, 327],
  ...[33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380],
  ...[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91],
  ...[78, 81, 13, 311, 308, 402, 14, 178],
];
const FIRST_IBUG = 17;

/** Reads a bundle's file: `reduce`, then `spread`, half floats. Throws RangeError for a wrong size or a value not finite. */
export function parseLandmarkShift(bytes: ArrayBuffer, rank: number): LandmarkShift {
  const wanted = 2 * rank * (INPUTS + 2 * POINTS);
  if (bytes.byteLength !== wanted)
    throw new RangeError(`landmark shift: ${bytes.byteLength} bytes instead of ${wanted}`);
  const values = decodeHalf(new Uint16Array(bytes));
  if (!values.every(Number.isFinite)) throw new RangeError('landmark shift: not finite');
  return { rank, reduce: values.slice(0, rank * INPUTS), spread: values.slice(rank * INPUTS) };
}

/** Shifts landmarks in a picture, as coefficients and camera require. It keeps scratch memory only. */
export interface PointShifter {
  /** Computes the shifts of all points. */
  prepare(coefficients: Pick<Coefficients, 'identity' | 'expression'>, camera: CropCamera): void;
  /** Adds the shift of point `k` to the (x, y) at index `i` of `pixels` (frame pixels). */
  move(pixels: Float32Array, i: number, k: number): void;
}

/** Shifts the 68 and the 478 landmarks (68 × (x, y) and 478 × (x, y, z), frame pixels) in place. */
export type LandmarkShifter = (
  coefficients: Pick<Coefficients, 'identity' | 'expression'>,
  camera: CropCamera,
  landmarks68: Float32Array,
  landmarks478: Float32Array,
) => void;

export function createLandmarkShifter(shift: LandmarkShift): LandmarkShifter {
  const { prepare, move } = createPointShifter(
    shift,
    Array.from({ length: POINTS }, (_, i) => i),
  );
  return (coefficients, camera, landmarks68, landmarks478) => {
    prepare(coefficients, camera);
    for (let i = 0; i < MEDIAPIPE_OF_IBUG.length; i++) {
      move(landmarks68, 2 * (FIRST_IBUG + i), at(MEDIAPIPE_OF_IBUG, i));
    }
    for (let i = 0; i < POINTS; i++) move(landmarks478, 3 * i, i);
  };
}

/** Makes a shifter of some of the 478 points; point k is `points[k]`. */
export function createPointShifter({ rank, reduce, spread }: LandmarkShift, points: readonly number[]): PointShifter {
  const own = selectColumns(spread, rank, points);
  const inputs = new Float32Array(INPUTS);
  const codes = new Float32Array(rank);
  const shifts = new Float32Array(2 * points.length);
  let upX = 0;
  let upY = 0;
  return {
    prepare({ identity, expression }, camera) {
      const rotation = toMatrix(camera.rotation);
      const [x, y] = [rotation[6], rotation[7]];
      inputs.set(identity, 0);
      inputs.set(expression, EXPRESSION);
      inputs.set([x, y, x * x, x * y, y * y, 1], VIEW);
      for (let k = 0; k < rank; k++) codes[k] = dot(reduce, k * INPUTS, inputs);
      shifts.fill(0);
      addBasis(own, codes, shifts);
      // The model's y axis in the picture; a quarter turn clockwise gives its right. The picture's y grows downwards.
      const length = Math.max(Math.hypot(rotation[1], rotation[4]), 1e-6);
      upX = (camera.scale * rotation[1]) / length;
      upY = (camera.scale * rotation[4]) / length;
    },
    move(pixels, i, k) {
      const right = float32At(shifts, 2 * k);
      const up = float32At(shifts, 2 * k + 1);
      pixels[i] = float32At(pixels, i) + right * upY + up * upX;
      pixels[i + 1] = float32At(pixels, i + 1) + right * upX - up * upY;
    },
  };
}

/** The (right, up) columns of some points: rank × 478 × 2 → rank × n × 2. */
function selectColumns(spread: Float32Array, rank: number, points: readonly number[]): Float32Array {
  const out = new Float32Array(rank * 2 * points.length);
  for (let row = 0; row < rank; row++) {
    for (const [k, point] of points.entries()) {
      const from = 2 * (row * POINTS + point);
      out.set(spread.subarray(from, from + 2), 2 * (row * points.length + k));
    }
  }
  return out;
}

function dot(rows: Float32Array, start: number, values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += float32At(rows, start + i) * float32At(values, i);
  return sum;
}
