import { projectPoints } from '../../src/face/projection';
import type { Crop, Vector3 } from '../../src/face/types';
import { cropCamera } from '../../src/focus/camera';
import type { Manifest } from '../../src/focus/manifest';

/** The nine pose numbers that best put `points` (n × 3, mm) onto `pixels` (n × 2, frame pixels); damped Gauss-Newton. */
export function fitPose(
  points: Float32Array,
  pixels: Float32Array,
  crop: Crop,
  origin: Vector3,
  convention: Manifest['pose'],
): number[] {
  const look = (pose: number[]) =>
    projectPoints(cropCamera(pose, crop, convention), origin, points, new Float32Array(pixels.length));
  const residuals = (seen: Float32Array) => pixels.map((pixel, i) => pixel - (seen[i] as number));
  let pose = new Array<number>(9).fill(0);
  let damping = 0.01;
  for (let step = 0; step < 80; step++) {
    const now = look(pose);
    const missing = residuals(now);
    const columns = pose.map((value, k) => {
      const moved = look(pose.with(k, value + 1e-3));
      return moved.map((pixel, i) => (pixel - (now[i] as number)) / 1e-3);
    });
    const normal = columns.map((a, i) => columns.map((b, j) => dot(a, b) + (i === j ? damping * (dot(a, a) + 1) : 0)));
    const change = solve(
      normal,
      columns.map((column) => dot(column, missing)),
    );
    const next = pose.map((value, i) => value + (change[i] as number));
    const better = dot(residuals(look(next)), residuals(look(next))) < dot(missing, missing);
    damping *= better ? 0.2 : 10;
    if (better) pose = next;
  }
  return pose;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

/** Gaussian elimination with pivoting. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  const at = (i: number, j: number) => rows[i]?.[j] as number;
  const n = right.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, _, i) => (Math.abs(at(k + i, k)) > Math.abs(at(best, k)) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = at(i, k) / at(k, k);
      rows[i] = (rows[i] as number[]).map((value, j) => value - factor * at(k, j));
    }
  }
  return right.map((_, i) => at(i, n) / at(i, i));
}
