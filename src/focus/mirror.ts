import { at, float32At, float64At, uint16At } from '../face/at';
import type { FaceModel } from '../face/face-model';
import { solvePositive } from '../face/solve-positive';
import { EXPRESSION_NAMES } from '../face/types';
import { MASK_SIZE, type NetworkOutput } from './network-output';

/** Mirrors the network's input and output. */
export interface Mirror {
  /** The crop (3 × size × size) mirrored, into `out`. */
  image(image: Float32Array, size: number, out: Float32Array): Float32Array;
  /** The output for the mirrored crop, from the output for the crop. Applied twice, it is the identity. */
  output(output: NetworkOutput): NetworkOutput;
}

/** The parts of a face model that define the mirror image. */
type Modes = Pick<FaceModel, 'identityBasis' | 'mirror'>;

/** Signs under reflection at x = 0: the first two columns of the rotation minus the identity's, translation, scale. */
const POSE_SIGNS = [1, -1, -1, -1, 1, 1, -1, 1, 1] as const;
/** Signs of the nine spherical harmonics: those odd in x change (x, xy, xz). */
const LIGHT_SIGNS = [1, 1, 1, -1, -1, 1, 1, -1, 1] as const;

/** For each expression, the index of the same expression on the other side. */
export const EXPRESSION_MIRROR: readonly number[] = EXPRESSION_NAMES.map((name) =>
  (EXPRESSION_NAMES as readonly string[]).indexOf(otherSide(name)),
);

function otherSide(name: string): string {
  if (name.endsWith('Left')) return `${name.slice(0, -4)}Right`;
  return name.endsWith('Right') ? `${name.slice(0, -5)}Left` : name;
}

/** Throws RangeError where the identity modes are linearly dependent. */
export function createMirror(model: Modes): Mirror {
  const identity = identityMirror(model);
  return {
    image: mirrorRows,
    output: (output) => ({
      identity: transformed(identity, output.identity),
      expression: output.expression.map((_, i) => float32At(output.expression, at(EXPRESSION_MIRROR, i))),
      pose: output.pose.map((value, i) => value * at(POSE_SIGNS, i)),
      albedo: output.albedo,
      light: output.light.map((value, i) => value * at(LIGHT_SIGNS, i % LIGHT_SIGNS.length)),
      presence: output.presence,
      mask: mirrorRows(output.mask, MASK_SIZE, new Float32Array(output.mask.length)),
    }),
  };
}

/** The mean of one or more outputs for the same crop. */
export function meanOutput(outputs: readonly [NetworkOutput, ...NetworkOutput[]]): NetworkOutput {
  const mean = (name: keyof NetworkOutput) =>
    outputs[0][name].map(
      (_, i) => outputs.reduce((sum, output) => sum + float32At(output[name], i), 0) / outputs.length,
    );
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

/** Reverses each row of `size` values. */
function mirrorRows(rows: Float32Array, size: number, out: Float32Array): Float32Array {
  for (let start = 0; start < rows.length; start += size) {
    for (let i = 0; i < size; i++) out[start + i] = float32At(rows, start + size - 1 - i);
  }
  return out;
}

/**
 * K × K matrix in row order: multiplied by an identity it gives the identity of the mirrored face. Least squares over all
 * vertices, because the modes are not exactly symmetric. Throws RangeError where modes are linearly dependent.
 */
export function identityMirror(model: Modes): Float64Array {
  const length = 3 * model.mirror.length;
  const count = model.identityBasis.length / length;
  const modes = Array.from({ length: count }, (_, k) => model.identityBasis.subarray(k * length, (k + 1) * length));
  const gram = new Float64Array(count * count);
  modes.forEach((mode, i) => {
    for (let k = 0; k <= i; k++) {
      const product = dot(mode, at(modes, k));
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
    if (!solution) throw new RangeError('mirror: the identity modes are linearly dependent');
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
