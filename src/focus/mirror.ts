import { at, float32At, float64At, uint16At } from '../face/at';
import type { FaceModel } from '../face/face-model';
import { solvePositive } from '../face/solve-positive';
import { EXPRESSION_NAMES } from '../face/types';
import { MASK_SIZE, type NetworkOutput } from './network-output';

/** What becomes of the network's input and output when the picture is mirrored. */
export interface Mirror {
  /** The crop (3 × size × size) mirrored, into `out`. */
  image(image: Float32Array, size: number, out: Float32Array): Float32Array;
  /** What the network would say of the mirrored crop, if it were the same to it. Applied twice, nothing changes. */
  output(output: NetworkOutput): NetworkOutput;
}

/** What of a face model says how a face is mirrored. */
type Modes = Pick<FaceModel, 'identityBasis' | 'mirror'>;

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

/** Make the mirror of a face model. Throws RangeError where identity modes depend on each other. */
export function createMirror(model: Modes): Mirror {
  const identity = identityMirror(model);
  return {
    image: mirrorRows,
    output: (said) => ({
      identity: transformed(identity, said.identity),
      expression: said.expression.map((_, i) => float32At(said.expression, at(EXPRESSION_MIRROR, i))),
      pose: said.pose.map((value, i) => value * at(POSE_SIGNS, i)),
      albedo: said.albedo,
      light: said.light.map((value, i) => value * at(LIGHT_SIGNS, i % LIGHT_SIGNS.length)),
      presence: said.presence,
      mask: mirrorRows(said.mask, MASK_SIZE, new Float32Array(said.mask.length)),
    }),
  };
}

/** The mean of at least one answer on the same crop. */
export function meanOutput(said: readonly [NetworkOutput, ...NetworkOutput[]]): NetworkOutput {
  const mean = (name: keyof NetworkOutput) =>
    said[0][name].map((_, i) => said.reduce((sum, output) => sum + float32At(output[name], i), 0) / said.length);
  return {
    identity: mean('identity'),
    expression: mean('expression'),
    pose: mean('pose'),
    albedo: mean('albedo'),
    light: mean('light'),
    presence: mean('presence'),
    mask: mean('mask'),
  };
}

/** Each row of `size` numbers the other way round. */
function mirrorRows(rows: Float32Array, size: number, out: Float32Array): Float32Array {
  for (let start = 0; start < rows.length; start += size) {
    for (let i = 0; i < size; i++) out[start + i] = float32At(rows, start + size - 1 - i);
  }
  return out;
}

/**
 * K × K row by row: times an identity it gives that of the mirrored face, by least squares over all vertices, for the
 * modes are not quite symmetric. Throws RangeError where modes depend on each other.
 */
export function identityMirror(model: Modes): Float64Array {
  const length = 3 * model.mirror.length;
  const count = model.identityBasis.length / length;
  const modes = Array.from({ length: count }, (_, k) => model.identityBasis.subarray(k * length, (k + 1) * length));
  const gram = new Float64Array(count * count);
  modes.forEach((mode, i) => {
    for (let k = 0; k <= i; k++) {
      const product = dot(mode, modes[k] as Float32Array);
      gram[i * count + k] = product;
      gram[k * count + i] = product;
    }
  });
  const out = new Float64Array(count * count);
  modes.forEach((mode, column) => {
    const mirrored = mirrorVertices(mode, model.mirror);
    const solution = solvePositive(
      gram.slice(),
      Float64Array.from(modes, (other) => dot(other, mirrored)),
    );
    if (!solution) throw new RangeError('mirror: the modes depend on each other');
    solution.forEach((value, row) => {
      out[row * count + column] = value;
    });
  });
  return out;
}

function mirrorVertices(mode: Float32Array, mirror: Uint16Array): Float32Array {
  const out = new Float32Array(mode.length);
  for (let i = 0; i < mirror.length; i++) {
    const other = 3 * uint16At(mirror, i);
    out[3 * i] = -float32At(mode, other);
    out[3 * i + 1] = float32At(mode, other + 1);
    out[3 * i + 2] = float32At(mode, other + 2);
  }
  return out;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += float32At(a, i) * float32At(b, i);
  return sum;
}

/** Matrix (K × K, by rows) times vector (K). */
function transformed(matrix: Float64Array, vector: Float32Array): Float32Array {
  const count = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += float64At(matrix, row * count + k) * float32At(vector, k);
    return sum;
  });
}
