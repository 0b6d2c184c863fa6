import type { FaceModel } from '../face/face-model';
import { EXPRESSION_NAMES } from '../face/types';
import type { NetworkOutput } from './network-output';

/** What becomes of the network's input and output when the picture is mirrored. */
export interface Mirror {
  /** The crop (3 × size × size) mirrored, into `out`. */
  image(image: Float32Array, size: number, out: Float32Array): Float32Array;
  /** What the network would say of the mirrored crop, if it were the same to it. Applied twice, nothing changes. */
  output(output: NetworkOutput): NetworkOutput;
}

/** What of a face model says how a face is mirrored. */
type Modes = Pick<FaceModel, 'identityBasis' | 'mirror'>;

const MASK_SIZE = 96;
/** Rotation's first two columns less the identity's, then translation, scale: mirrored at the plane x = 0. */
const POSE_SIGNS = [1, -1, -1, -1, 1, 1, -1, 1, 1] as const;
/** Of the nine spherical harmonics those that are odd in x turn over: x, xy, xz. */
const LIGHT_SIGNS = [1, 1, 1, -1, -1, 1, 1, -1, 1] as const;

/** For each expression the index of its other side's. */
export const EXPRESSION_MIRROR: readonly number[] = EXPRESSION_NAMES.map((name) =>
  (EXPRESSION_NAMES as readonly string[]).indexOf(otherSide(name)),
);

function otherSide(name: string): string {
  if (name.endsWith('Left')) return `${name.slice(0, -4)}Right`;
  return name.endsWith('Right') ? `${name.slice(0, -5)}Left` : name;
}

/** Make the mirror of a face model; about a tenth of a second's work. */
export function createMirror(model: Modes): Mirror {
  const identity = identityMirror(model);
  return {
    image: mirrorRows,
    output: (said) => ({
      identity: transformed(identity, said.identity),
      expression: said.expression.map((_, i) => said.expression[EXPRESSION_MIRROR[i] as number] as number),
      pose: said.pose.map((value, i) => value * (POSE_SIGNS[i] as number)),
      albedo: said.albedo,
      light: said.light.map((value, i) => value * (LIGHT_SIGNS[i % LIGHT_SIGNS.length] as number)),
      presence: said.presence,
      mask: mirrorRows(said.mask, MASK_SIZE, new Float32Array(said.mask.length)),
    }),
  };
}

/** The mean of two answers on the same crop. */
export function meanOutput(a: NetworkOutput, b: NetworkOutput): NetworkOutput {
  const mean = (x: Float32Array, y: Float32Array) => x.map((value, i) => (value + (y[i] as number)) / 2);
  return {
    identity: mean(a.identity, b.identity),
    expression: mean(a.expression, b.expression),
    pose: mean(a.pose, b.pose),
    albedo: mean(a.albedo, b.albedo),
    light: mean(a.light, b.light),
    presence: mean(a.presence, b.presence),
    mask: mean(a.mask, b.mask),
  };
}

/** Each row of `size` numbers the other way round. */
function mirrorRows(rows: Float32Array, size: number, out: Float32Array): Float32Array {
  for (let start = 0; start < rows.length; start += size) {
    for (let i = 0; i < size; i++) out[start + i] = rows[start + size - 1 - i] as number;
  }
  return out;
}

/**
 * K × K row by row: times an identity it gives that of the mirrored face, by least squares over all vertices, for the
 * modes are not quite symmetric.
 */
export function identityMirror(model: Modes): Float64Array {
  const length = 3 * model.mirror.length;
  const count = model.identityBasis.length / length;
  const modes = Array.from({ length: count }, (_, k) => model.identityBasis.subarray(k * length, (k + 1) * length));
  const mirrored = modes.map((mode) => mirrorVertices(mode, model.mirror));
  const gram = new Float64Array(count * count);
  const right = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < count; k++) {
      gram[i * count + k] = k < i ? (gram[k * count + i] as number) : dot(modes[i], modes[k]);
      right[i * count + k] = dot(modes[i], mirrored[k]);
    }
  }
  return solvePositive(gram, right, count);
}

function mirrorVertices(mode: Float32Array, mirror: Uint16Array): Float32Array {
  const out = new Float32Array(mode.length);
  for (let i = 0; i < mirror.length; i++) {
    const other = 3 * (mirror[i] as number);
    out[3 * i] = -(mode[other] as number);
    out[3 * i + 1] = mode[other + 1] as number;
    out[3 * i + 2] = mode[other + 2] as number;
  }
  return out;
}

function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) throw new RangeError('mirror: a mode is missing');
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Solve a · x = b, all n × n, in place of b: Gauss without pivots, for a is symmetric and positive. */
function solvePositive(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const at = (m: Float64Array, row: number, column: number) => m[row * n + column] as number;
  const subtract = (m: Float64Array, row: number, from: number, factor: number) => {
    for (let k = 0; k < n; k++) m[row * n + k] = at(m, row, k) - factor * at(m, from, k);
  };
  for (let pivot = 0; pivot < n; pivot++) {
    const scale = at(a, pivot, pivot);
    if (!(scale > 0)) throw new RangeError('mirror: the modes depend on each other');
    for (let row = 0; row < n; row++) {
      if (row === pivot) continue;
      const factor = at(a, row, pivot) / scale;
      subtract(a, row, pivot, factor);
      subtract(b, row, pivot, factor);
    }
  }
  return b.map((value, i) => value / at(a, Math.floor(i / n), Math.floor(i / n)));
}

/** Matrix (K × K, by rows) times vector (K). */
function transformed(matrix: Float64Array, vector: Float32Array): Float32Array {
  const count = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += (matrix[row * count + k] as number) * (vector[k] as number);
    return sum;
  });
}
