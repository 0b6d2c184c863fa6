import { at, float32At } from './at';
import { addBasis, type FaceModel } from './face-model';

/** A few points of the model's surface, evaluated without the rest of the mesh. */
export interface PointSet {
  readonly count: number;
  /** Model coordinates, mm, count × 3, into `out`. */
  evaluate(identity: Float32Array, expression: Float32Array, out: Float32Array): Float32Array;
  /** The same without an expression. */
  evaluateNeutral(identity: Float32Array, out: Float32Array): Float32Array;
  /** Adds an expression to what `evaluateNeutral` gave, into `out`. */
  addExpression(neutral: Float32Array, expression: Float32Array, out: Float32Array): Float32Array;
}

/** Points as weighted vertices: `triangles` n × 3 vertex indices, `weights` n × 3, `offset` n × 3 mm. */
export interface SurfacePoints {
  readonly triangles: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly offset?: ArrayLike<number>;
}

/** Gathers the mean and both bases at the points of all groups, in order, so that an evaluation costs 132 short rows. */
export function createPointSet(model: FaceModel, groups: readonly SurfacePoints[]): PointSet {
  const mean = concatenate(groups.map((group) => gather(model.mean, model.vertexCount, 1, group, true)));
  const basis = (rows: Float32Array, count: number) => {
    const parts = groups.map((group) => gather(rows, model.vertexCount, count, group, false));
    return interleave(parts, count, mean.length);
  };
  const identityBasis = basis(model.identityBasis, 80);
  const expressionBasis = basis(model.expressionBasis, 52);
  return {
    count: mean.length / 3,
    evaluate(identity, expression, out) {
      this.evaluateNeutral(identity, out);
      addBasis(expressionBasis, expression, out);
      return out;
    },
    evaluateNeutral(identity, out) {
      out.set(mean);
      addBasis(identityBasis, identity, out);
      return out;
    },
    addExpression(neutral, expression, out) {
      out.set(neutral);
      addBasis(expressionBasis, expression, out);
      return out;
    },
  };
}

/** Vertices as surface points. */
export function vertexPoints(vertices: ArrayLike<number>): SurfacePoints {
  const triangles = new Uint16Array(vertices.length * 3);
  const weights = new Float32Array(vertices.length * 3);
  for (let i = 0; i < vertices.length; i++) {
    triangles.fill(at(vertices, i), 3 * i, 3 * i + 3);
    weights[3 * i] = 1;
  }
  return { triangles, weights };
}

/** The 68 iBUG points, as vertices. */
export function landmarks68Points(model: FaceModel): SurfacePoints {
  return vertexPoints(model.landmarks68);
}

/** MediaPipe's 478 points, as barycentric points with their offsets. */
export function landmarks478Points(model: FaceModel): SurfacePoints {
  return { triangles: model.mediapipeTriangles, weights: model.mediapipeBarycentric, offset: model.mediapipeOffset };
}

/** The points at some indices. */
export function selectPoints(points: SurfacePoints, indices: readonly number[]): SurfacePoints {
  const select = (values: ArrayLike<number>) => indices.flatMap((i) => [0, 1, 2].map((k) => at(values, 3 * i + k)));
  return {
    triangles: select(points.triangles),
    weights: select(points.weights),
    ...(points.offset ? { offset: select(points.offset) } : {}),
  };
}

/** rows × V × 3 → rows × n × 3 at the points; offsets belong to the mean only. */
function gather(
  rows: Float32Array,
  vertexCount: number,
  rowCount: number,
  points: SurfacePoints,
  withOffset: boolean,
): Float32Array {
  const length = points.triangles.length;
  const out = new Float32Array(rowCount * length);
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < length; i++) {
      const weight = at(points.weights, i);
      const from = 3 * (row * vertexCount + at(points.triangles, i));
      const to = row * length + 3 * Math.floor(i / 3);
      for (let axis = 0; axis < 3; axis++) {
        out[to + axis] = float32At(out, to + axis) + weight * float32At(rows, from + axis);
      }
    }
  }
  const offset = withOffset ? points.offset : undefined;
  if (offset) for (let i = 0; i < length; i++) out[i] = float32At(out, i) + at(offset, i);
  return out;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  return interleave(
    parts,
    1,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
}

/** Parts of rows × nᵢ → rows × Σnᵢ. */
function interleave(parts: readonly Float32Array[], rows: number, width: number): Float32Array {
  const out = new Float32Array(rows * width);
  let column = 0;
  for (const part of parts) {
    const own = part.length / rows;
    for (let row = 0; row < rows; row++) out.set(part.subarray(row * own, (row + 1) * own), row * width + column);
    column += own;
  }
  return out;
}
