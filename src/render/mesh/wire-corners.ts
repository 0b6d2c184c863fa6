import { float32At, uint16At } from '../../face/at';
import type { FaceModel } from '../../face/face-model';
import { edgeLength } from './surface-distance';

/** The mesh with separate corners per triangle, so that a shader can find the edges. */
export interface WireCorners {
  /** Vertex of each corner, 3 per triangle. */
  readonly vertices: Uint16Array;
  /** Per corner the distance to the three edges, barycentric; at least 1 for a hidden edge. 3 × corners. */
  readonly corners: Float32Array;
}

/** Diagonals of quads are hidden: an edge that is the longest of both its triangles. */
export function wireCorners(model: FaceModel): WireCorners {
  const { triangles, triangleCount } = model;
  const longest = countLongestEdges(model);
  const vertices = Uint16Array.from(triangles);
  const corners = new Float32Array(9 * triangleCount);
  for (let triangle = 0; triangle < triangleCount; triangle++) {
    for (let edge = 0; edge < 3; edge++) {
      const [a, b] = edgeOf(triangles, triangle, edge);
      const hidden = longest.get(edgeKey(a, b)) === 2 ? 1 : 0;
      // The edge from corner `edge` to the next lies opposite the third corner.
      const opposite = (edge + 2) % 3;
      for (let corner = 0; corner < 3; corner++) {
        corners[9 * triangle + 3 * corner + opposite] = corner === opposite ? 1 + hidden : hidden;
      }
    }
  }
  return { vertices, corners };
}

function countLongestEdges({ triangles, triangleCount, mean }: FaceModel): Map<number, number> {
  const counts = new Map<number, number>();
  for (let triangle = 0; triangle < triangleCount; triangle++) {
    let best = -1;
    let key = 0;
    for (let edge = 0; edge < 3; edge++) {
      const [a, b] = edgeOf(triangles, triangle, edge);
      const length = edgeLength(mean, a, b);
      if (length <= best) continue;
      best = length;
      key = edgeKey(a, b);
    }
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function edgeOf(triangles: Uint16Array, triangle: number, edge: number): [number, number] {
  return [uint16At(triangles, 3 * triangle + edge), uint16At(triangles, 3 * triangle + ((edge + 1) % 3))];
}

function edgeKey(a: number, b: number): number {
  return Math.min(a, b) * 65536 + Math.max(a, b);
}

/** Copies `size` numbers per vertex to each corner: `out` is `size` × corners. */
export function spread(values: Float32Array, size: number, vertices: Uint16Array, out: Float32Array): Float32Array {
  for (let corner = 0; corner < vertices.length; corner++) {
    const from = size * uint16At(vertices, corner);
    for (let i = 0; i < size; i++) out[size * corner + i] = float32At(values, from + i);
  }
  return out;
}
