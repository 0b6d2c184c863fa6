import { at, byteAt, float32At, uint16At } from '../../../face/at';
import type { FaceModel } from '../../../face/face-model';

const CELLS = 48;
/** Parts of the mesh that are outer skin. */
const LAST_SKIN = 1;

/**
 * Points of the outer skin by their UVs (n × 2, flat): each is a weighted mean of three vertices, so that objects can
 * follow any point of the skin. A UV without skin takes the nearest skin.
 */
export class SkinPoints {
  readonly count: number;
  readonly #corners: Uint16Array;
  readonly #weights: Float32Array;

  constructor(model: FaceModel, uvs: ArrayLike<number>) {
    this.count = uvs.length / 2;
    this.#corners = new Uint16Array(3 * this.count);
    this.#weights = new Float32Array(3 * this.count);
    const grid = skinGrid(model);
    for (let i = 0; i < this.count; i++) this.#find(model, grid, i, at(uvs, 2 * i), at(uvs, 2 * i + 1));
  }

  /** Values at the points (n × 3) of values at the vertices (V × 3), into `out`. */
  evaluate(values: Float32Array, out: Float32Array): Float32Array {
    for (let i = 0; i < 3 * this.count; i++) {
      const first = 3 * Math.floor(i / 3);
      let sum = 0;
      for (let k = first; k < first + 3; k++) {
        sum += float32At(this.#weights, k) * float32At(values, 3 * uint16At(this.#corners, k) + (i % 3));
      }
      out[i] = sum;
    }
    return out;
  }

  /** Searches the cell of the point, then rings around it. */
  #find(model: FaceModel, grid: readonly number[][], i: number, u: number, v: number): void {
    const [column, row] = [cellOf(u), cellOf(v)];
    let best = Number.POSITIVE_INFINITY;
    for (let ring = 0; ring < CELLS && best > 1e-6; ring++) {
      if (best < Number.POSITIVE_INFINITY && ring > 1) break;
      for (const triangle of ringCells(grid, column, row, ring)) {
        const weights = barycentric(model, triangle, u, v);
        const outside = -Math.min(0, ...weights);
        if (outside >= best) continue;
        best = outside;
        this.#keep(model, i, triangle, weights);
      }
    }
  }

  #keep({ triangles }: FaceModel, i: number, triangle: number, weights: readonly number[]): void {
    const inside = weights.map((weight) => Math.max(weight, 0));
    const sum = inside.reduce((all, weight) => all + weight, 0);
    for (let k = 0; k < 3; k++) {
      this.#corners[3 * i + k] = uint16At(triangles, triangle + k);
      this.#weights[3 * i + k] = at(inside, k) / sum;
    }
  }
}

/** Per cell, the first indices of the skin triangles that touch it. */
function skinGrid({ triangles, part, uv }: FaceModel): number[][] {
  const grid = Array.from({ length: CELLS * CELLS }, (): number[] => []);
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [...triangles.subarray(t, t + 3)];
    if (corners.some((corner) => byteAt(part, corner) > LAST_SKIN)) continue;
    const columns = corners.map((corner) => cellOf(float32At(uv, 2 * corner)));
    const rows = corners.map((corner) => cellOf(float32At(uv, 2 * corner + 1)));
    for (let row = Math.min(...rows); row <= Math.max(...rows); row++) {
      for (let column = Math.min(...columns); column <= Math.max(...columns); column++) {
        grid[row * CELLS + column]?.push(t);
      }
    }
  }
  return grid;
}

function ringCells(grid: readonly number[][], column: number, row: number, ring: number): Set<number> {
  const found = new Set<number>();
  for (let j = row - ring; j <= row + ring; j++) {
    for (let i = column - ring; i <= column + ring; i++) {
      if (i < 0 || j < 0 || i >= CELLS || j >= CELLS) continue;
      if (Math.max(Math.abs(i - column), Math.abs(j - row)) !== ring) continue;
      for (const triangle of grid[j * CELLS + i] ?? []) found.add(triangle);
    }
  }
  return found;
}

function cellOf(coordinate: number): number {
  return Math.min(Math.max(Math.floor(coordinate * CELLS), 0), CELLS - 1);
}

/** Barycentric weights at a UV; strongly negative for a degenerate triangle. */
function barycentric({ triangles, uv }: FaceModel, t: number, u: number, v: number): [number, number, number] {
  const [a = 0, b = 0, c = 0] = triangles.subarray(t, t + 3);
  const [ax = 0, ay = 0] = uv.subarray(2 * a);
  const [bx = 0, by = 0] = uv.subarray(2 * b);
  const [cx = 0, cy = 0] = uv.subarray(2 * c);
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (Math.abs(area) < 1e-12) return [-1e6, -1e6, -1e6];
  const first = ((bx - u) * (cy - v) - (by - v) * (cx - u)) / area;
  const second = ((cx - u) * (ay - v) - (cy - v) * (ax - u)) / area;
  return [first, second, 1 - first - second];
}
