import type { FaceModel } from '../../../face/face-model';

const CELLS = 48;
/** Parts of the mesh that are outer skin. */
const LAST_SKIN = 1;

/**
 * Places of the outer skin by their UVs (n × 2, flat): each is three vertices and their weights, so that anything can be
 * fixed to any point of any face. A UV where there is no skin gets the nearest of it.
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
    for (let i = 0; i < this.count; i++) this.#find(model, grid, i, uvs[2 * i] ?? 0, uvs[2 * i + 1] ?? 0);
  }

  /** Values at the points (n × 3) of values at the vertices (V × 3), into `out`. */
  evaluate(values: Float32Array, out: Float32Array): Float32Array {
    for (let i = 0; i < 3 * this.count; i++) {
      const first = 3 * Math.floor(i / 3);
      let sum = 0;
      for (let k = first; k < first + 3; k++) {
        sum += (this.#weights[k] ?? 0) * (values[3 * (this.#corners[k] ?? 0) + (i % 3)] ?? 0);
      }
      out[i] = sum;
    }
    return out;
  }

  /** Looks in the cell of the point, then in rings around it. */
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
      this.#corners[3 * i + k] = triangles[triangle + k] ?? 0;
      this.#weights[3 * i + k] = (inside[k] ?? 0) / sum;
    }
  }
}

/** The first corners of triangles of outer skin, by the cells that they touch. */
function skinGrid({ triangles, part, uv }: FaceModel): number[][] {
  const grid = Array.from({ length: CELLS * CELLS }, (): number[] => []);
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [...triangles.subarray(t, t + 3)];
    if (corners.some((corner) => (part[corner] ?? 0) > LAST_SKIN)) continue;
    const columns = corners.map((corner) => cellOf(uv[2 * corner] ?? 0));
    const rows = corners.map((corner) => cellOf(uv[2 * corner + 1] ?? 0));
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

/** Weights of the triangle's corners at a UV; a flat triangle is far from everything. */
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
