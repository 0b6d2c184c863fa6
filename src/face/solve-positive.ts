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
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (matrix[i * n + k] as number) * (matrix[j * n + k] as number);
      if (i === j && !(sum > LEAST * (matrix[i * n + i] as number))) return undefined;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / (matrix[j * n + j] as number);
    }
  }
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[i] as number;
    for (let k = 0; k < i; k++) sum -= (matrix[i * n + k] as number) * (out[k] as number);
    out[i] = sum / (matrix[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = out[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (matrix[k * n + i] as number) * (out[k] as number);
    out[i] = sum / (matrix[i * n + i] as number);
  }
  return out;
}
