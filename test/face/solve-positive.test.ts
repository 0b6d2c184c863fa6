import { describe, expect, it } from 'vitest';
import { solvePositive } from '../../src/face/solve-positive';

describe('solvePositive', () => {
  it('D12: the result solves the equations', () => {
    const matrix = [4, 2, 0.6, 2, 5, 1, 0.6, 1, 3];
    const right = Float64Array.of(1, -2, 3);
    const x = solvePositive(Float64Array.from(matrix), right) ?? [];
    for (let i = 0; i < 3; i++) {
      const sum = [0, 1, 2].reduce((total, k) => total + (matrix[3 * i + k] as number) * (x[k] as number), 0);
      expect(sum).toBeCloseTo(right[i] as number, 12);
    }
  });

  it('D12: gives undefined for a matrix that is not positive or numerically singular', () => {
    expect(solvePositive(Float64Array.of(2, 4, 4, 8), Float64Array.of(1, 1))).toBeUndefined();
    expect(solvePositive(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toBeUndefined();
    expect(solvePositive(Float64Array.of(Number.NaN), Float64Array.of(1))).toBeUndefined();
  });
});
