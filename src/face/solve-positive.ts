import { float64At } from './at';

/** Share of its place on the diagonal below which a pivot is rounding. */
const LEAST = 1e-12;

/**
 * Solves matrix · x = right by Cholesky: n × n row by row, symmetric and positive, and n numbers; undefined where the
 * matrix is not positive. The matrix is used up, `right` is not.
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = float64At(matrix, i * n + j);
      for (let k = 0; k < j; k++) sum -= float64At(matrix, i * n + k) * float64At(matrix, j * n + k);
      if (i === j && !(sum > LEAST * float64At(matrix, i * n + i))) return undefined;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / float64At(matrix, j * n + j);
    }
  }
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = float64At(right, i);
    for (let k = 0; k < i; k++) sum -= float64At(matrix, i * n + k) * float64At(out, k);
    out[i] = sum / float64At(matrix, i * n + i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = float64At(out, i);
    for (let k = i + 1; k < n; k++) sum -= float64At(matrix, k * n + i) * float64At(out, k);
    out[i] = sum / float64At(matrix, i * n + i);
  }
  return out;
}
