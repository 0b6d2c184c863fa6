/** Three coordinates. */
export type Point = readonly [number, number, number];

/** Rotation with uniform scale (row by row), then translation. */
export interface Transform {
  readonly turn: readonly number[];
  readonly shift: Point;
  readonly scale: number;
}

/** Steps in which the nearest rotation converges for every matrix that is not nearly singular. */
const STEPS = 24;

/**
 * The rotation, uniform scale and translation that map `from` to `to` with the smallest weighted squared error
 * (orthogonal Procrustes problem). The points must span space, and `to` must not be a mirror image of `from`.
 */
export function fitTransform(from: readonly Point[], to: readonly Point[], weights: readonly number[]): Transform {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const [a, b] = [centre(from, weights, total), centre(to, weights, total)];
  const covariance = new Array<number>(9).fill(0);
  let spread = 0;
  from.forEach((point, i) => {
    const weight = weights[i] ?? 0;
    const p = minus(point, a);
    const q = minus(to[i] ?? b, b);
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++)
        covariance[3 * row + column] = (covariance[3 * row + column] ?? 0) + weight * (q[row] ?? 0) * (p[column] ?? 0);
    }
    spread += weight * (p[0] ** 2 + p[1] ** 2 + p[2] ** 2);
  });
  const rotation = nearestRotation(covariance);
  const scale = rotation.reduce((sum, value, i) => sum + value * (covariance[i] ?? 0), 0) / spread;
  const turn = rotation.map((value) => value * scale);
  return { turn, scale, shift: minus(b, turned(turn, a)) };
}

function centre(points: readonly Point[], weights: readonly number[], total: number): Point {
  const mean = (axis: 0 | 1 | 2) => points.reduce((sum, point, i) => sum + (weights[i] ?? 0) * point[axis], 0) / total;
  return [mean(0), mean(1), mean(2)];
}

function minus(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function turned([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: readonly number[], p: Point): Point {
  const [x, y, z] = p;
  return [a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z];
}

/** The orthogonal factor of the polar decomposition, by Newton's iteration (Higham 1986). */
function nearestRotation(matrix: readonly number[]): readonly number[] {
  const norm = Math.hypot(...matrix);
  let turn = matrix.map((value) => value / norm);
  for (let step = 0; step < STEPS; step++) {
    const inverse = inverseTransposed(turn);
    turn = turn.map((value, i) => (value + (inverse[i] ?? 0)) / 2);
  }
  return turn;
}

function inverseTransposed([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: readonly number[]) {
  const cofactors = [e * i - f * h, f * g - d * i, d * h - e * g, c * h - b * i, a * i - c * g];
  cofactors.push(b * g - a * h, b * f - c * e, c * d - a * f, a * e - b * d);
  const determinant = a * (cofactors[0] ?? 0) + b * (cofactors[1] ?? 0) + c * (cofactors[2] ?? 0);
  return cofactors.map((value) => value / determinant);
}
