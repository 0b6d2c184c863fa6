import { float32At, uint16At } from '../../face/at';
import type { FaceModel } from '../../face/face-model';

/** Length in mm above which a border is the mesh's end and not an eye, the mouth or a nostril. */
const OUTER = 250;

/** Distance in mm along the mean face's edges to the nearest vertex of `from`; Infinity from `limit` on. */
export function surfaceDistance(model: FaceModel, from: ReadonlySet<number>, limit: number): Float32Array {
  const distance = new Float32Array(model.vertexCount).fill(Number.POSITIVE_INFINITY);
  for (const vertex of from) distance[vertex] = 0;
  const { triangles } = model;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < triangles.length; i++) {
      const a = uint16At(triangles, i);
      const b = uint16At(triangles, i % 3 === 2 ? i - 2 : i + 1);
      if (Math.min(float32At(distance, a), float32At(distance, b)) >= limit) continue;
      const length = edgeLength(model.mean, a, b);
      changed = relax(distance, a, b, length, limit) || changed;
      changed = relax(distance, b, a, length, limit) || changed;
    }
  }
  return distance;
}

function relax(distance: Float32Array, from: number, to: number, length: number, limit: number): boolean {
  const way = Math.fround(float32At(distance, from) + length);
  if (way >= limit || way >= float32At(distance, to)) return false;
  distance[to] = way;
  return true;
}

/** Distance between two points of a flat n × 3 array. */
export function edgeLength(points: Float32Array, a: number, b: number): number {
  return Math.hypot(
    float32At(points, 3 * a) - float32At(points, 3 * b),
    float32At(points, 3 * a + 1) - float32At(points, 3 * b + 1),
    float32At(points, 3 * a + 2) - float32At(points, 3 * b + 2),
  );
}

/** The vertices of the mesh's long borders; those around eyes, mouth and nostrils are short. */
export function outerBorder(model: Pick<FaceModel, 'triangles' | 'mean'>): Set<number> {
  const edges = borderEdges(model.triangles);
  const group = new Map<number, number>();
  const find = (vertex: number): number => {
    const parent = group.get(vertex) ?? vertex;
    return parent === vertex ? vertex : find(parent);
  };
  for (const [a, b] of edges) group.set(find(a), find(b));
  const length = new Map<number, number>();
  for (const [a, b] of edges) length.set(find(a), (length.get(find(a)) ?? 0) + edgeLength(model.mean, a, b));
  return new Set(edges.flat().filter((vertex) => (length.get(find(vertex)) ?? 0) > OUTER));
}

/** Edges that belong to one triangle only. */
export function borderEdges(triangles: Uint16Array): [number, number][] {
  const edges = new Map<number, [number, number] | undefined>();
  for (let i = 0; i < triangles.length; i++) {
    const a = uint16At(triangles, i);
    const b = uint16At(triangles, i % 3 === 2 ? i - 2 : i + 1);
    const key = Math.min(a, b) * 65536 + Math.max(a, b);
    edges.set(key, edges.has(key) ? undefined : [a, b]);
  }
  return [...edges.values()].filter((edge) => edge !== undefined);
}
