import { float32At } from './at';
import { addBasis } from './face-model';
import { decodeHalf } from './half';
import { toMatrix } from './rotation';
import type { Coefficients, CropCamera } from './types';

/**
 * How far MediaPipe's points lie from where the face model puts them, by shape, expression and view: they do not stick to
 * the skin, and the linear model cannot follow them. Learnt by `python -m peekaboo_training landmark-shift`.
 */
export interface LandmarkShift {
  readonly rank: number;
  /** rank × INPUTS */
  readonly reduce: Float32Array;
  /** rank × 478 × (right, up), mm */
  readonly spread: Float32Array;
}

const POINTS = 478;
/** Identity 80, expression 52, then x, y, x², xy, y² of the way to the camera, and 1. */
const EXPRESSION = 80;
const VIEW = EXPRESSION + 52;
const INPUTS = VIEW + 5 + 1;

/** MediaPipe's numbers of iBUG's points 17 to 67: brows, nose, eyes, lips. The contour's 17 have none. */
const MEDIAPIPE_OF_IBUG = [
  ...[70, 63, 105, 66, 107, 336, 296, 334, 293, 300],
  ...[168, 6, 195, 4, 98, 97, 2, 326, 327],
  ...[33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380],
  ...[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91],
  ...[78, 81, 13, 311, 308, 402, 14, 178],
];
const FIRST_IBUG = 17;

/** Read the file of a bundle: `reduce`, then `spread`, half floats. Throws RangeError where its size or a number is off. */
export function parseLandmarkShift(bytes: ArrayBuffer, rank: number): LandmarkShift {
  const wanted = 2 * rank * (INPUTS + 2 * POINTS);
  if (bytes.byteLength !== wanted)
    throw new RangeError(`landmark shift: ${bytes.byteLength} bytes instead of ${wanted}`);
  const values = decodeHalf(new Uint16Array(bytes));
  if (!values.every(Number.isFinite)) throw new RangeError('landmark shift: not finite');
  return { rank, reduce: values.slice(0, rank * INPUTS), spread: values.slice(rank * INPUTS) };
}

/** Moves points of a picture (68 × (x, y) and 478 × (x, y, z), frame pixels) in place, as coefficients and camera have it. */
export type LandmarkShifter = (
  coefficients: Pick<Coefficients, 'identity' | 'expression'>,
  camera: CropCamera,
  landmarks68: Float32Array,
  landmarks478: Float32Array,
) => void;

/** Make a shifter; it keeps scratch memory and nothing of what it is given. */
export function createLandmarkShifter({ rank, reduce, spread }: LandmarkShift): LandmarkShifter {
  const inputs = new Float32Array(INPUTS);
  const codes = new Float32Array(rank);
  const shifts = new Float32Array(2 * POINTS);
  return ({ identity, expression }, camera, landmarks68, landmarks478) => {
    const rotation = toMatrix(camera.rotation);
    const [x, y] = [rotation[6], rotation[7]];
    inputs.set(identity, 0);
    inputs.set(expression, EXPRESSION);
    inputs.set([x, y, x * x, x * y, y * y, 1], VIEW);
    for (let k = 0; k < rank; k++) codes[k] = dot(reduce, k * INPUTS, inputs);
    shifts.fill(0);
    addBasis(spread, codes, shifts);
    // The model's y as the picture shows it, and a quarter turn clockwise of it; the picture's y goes down.
    const length = Math.max(Math.hypot(rotation[1], rotation[4]), 1e-6);
    const [upX, upY] = [(camera.scale * rotation[1]) / length, (camera.scale * rotation[4]) / length];
    const move = (points: Float32Array, at: number, point: number) => {
      const right = float32At(shifts, 2 * point);
      const up = float32At(shifts, 2 * point + 1);
      points[at] = float32At(points, at) + right * upY + up * upX;
      points[at + 1] = float32At(points, at + 1) + right * upX - up * upY;
    };
    for (const [i, point] of MEDIAPIPE_OF_IBUG.entries()) move(landmarks68, 2 * (FIRST_IBUG + i), point);
    for (let point = 0; point < POINTS; point++) move(landmarks478, 3 * point, point);
  };
}

function dot(rows: Float32Array, start: number, values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += float32At(rows, start + i) * float32At(values, i);
  return sum;
}
