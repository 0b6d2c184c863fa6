import { type FaceModel, PART_NAMES } from '../face/face-model';

/** Millimetres on the mean face over which the face fades into the head. */
const FADE = 22;

/**
 * How much of the surface is drawn at each vertex: 1 on the face, fading to 0 at the head, which only hides what is
 * behind it. With `inner`, eyes, teeth and mouth are drawn too.
 */
export function coverWeights(model: FaceModel, inner: boolean): Float32Array {
  const head = PART_NAMES.indexOf('head');
  const face = PART_NAMES.indexOf('face');
  const distance = surfaceDistance(model, (vertex) => model.part[vertex] === head);
  const cover = new Float32Array(model.vertexCount);
  for (let vertex = 0; vertex < cover.length; vertex++) {
    const part = model.part[vertex];
    if (part === face) cover[vertex] = smooth((distance[vertex] ?? 0) / FADE);
    else if (part !== head && inner) cover[vertex] = 1;
  }
  return cover;
}

function smooth(t: number): number {
  const x = Math.min(Math.max(t, 0), 1);
  return x * x * (3 - 2 * x);
}

/** Way along the mean face's edges, mm, to the nearest vertex that `isStart`; Infinity where none is reached. */
function surfaceDistance(model: FaceModel, isStart: (vertex: number) => boolean): Float32Array {
  const distance = new Float32Array(model.vertexCount).fill(Number.POSITIVE_INFINITY);
  for (let vertex = 0; vertex < distance.length; vertex++) if (isStart(vertex)) distance[vertex] = 0;
  const { triangles } = model;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < triangles.length; i++) {
      const a = triangles[i] ?? 0;
      const b = triangles[i % 3 === 2 ? i - 2 : i + 1] ?? 0;
      const length = edgeLength(model.mean, a, b);
      changed = relax(distance, a, b, length) || changed;
      changed = relax(distance, b, a, length) || changed;
    }
  }
  return distance;
}

function relax(distance: Float32Array, from: number, to: number, length: number): boolean {
  const way = Math.fround((distance[from] ?? 0) + length);
  if (way >= (distance[to] ?? 0)) return false;
  distance[to] = way;
  return true;
}

export function edgeLength(points: Float32Array, a: number, b: number): number {
  return Math.hypot(
    (points[3 * a] ?? 0) - (points[3 * b] ?? 0),
    (points[3 * a + 1] ?? 0) - (points[3 * b + 1] ?? 0),
    (points[3 * a + 2] ?? 0) - (points[3 * b + 2] ?? 0),
  );
}
