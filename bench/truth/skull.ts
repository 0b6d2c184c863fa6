import { at } from '../../src/face/at';
import type { FaceModel } from '../../src/face/face-model';
import type { Vector3 } from '../../src/face/types';

/** A cap over the open back of the face model's head, with hair. */
export interface Skull {
  /** Points in a ring, and points in all. */
  readonly around: number;
  readonly count: number;
  /** Over the model's vertices and, behind them, the cap's own. */
  readonly triangles: readonly number[];
  /** The cap's points, count × 3 mm, of the model's vertices. */
  positions(vertices: Float32Array): Float32Array;
}

const RINGS = 14;
const CENTRE: Vector3 = [0, 50, 5];
/** Half axes of the head behind the face, mm. */
const AXES: Vector3 = [80, 90, 98];
/** Direction of the pole at which the cap's rings converge, from the centre. */
const POLE: Vector3 = [0, -0.28, -0.96];
/** Thickness of the hair relative to the skull's radius. */
const HAIR = 0.1;

/** The longest open edge of a mesh, in the direction of its triangles. */
export function boundaryLoop(triangles: Uint16Array): number[] {
  const edges = new Map<number, [number, number] | undefined>();
  for (let i = 0; i < triangles.length; i++) {
    const a = at(triangles, i);
    const b = at(triangles, i % 3 === 2 ? i - 2 : i + 1);
    const key = Math.min(a, b) * 65536 + Math.max(a, b);
    edges.set(key, edges.has(key) ? undefined : [a, b]);
  }
  const next = new Map([...edges.values()].filter((edge) => edge !== undefined));
  let longest: number[] = [];
  const seen = new Set<number>();
  for (const start of next.keys()) {
    const loop: number[] = [];
    for (let v: number | undefined = start; v !== undefined && !seen.has(v); v = next.get(v)) {
      seen.add(v);
      loop.push(v);
    }
    if (loop.length > longest.length) longest = loop;
  }
  return longest;
}

export function capMesh(model: FaceModel, loop: readonly number[]): Skull {
  const around = loop.length;
  const own = model.vertexCount;
  const vertexAt = (ring: number, i: number) => (ring === 0 ? at(loop, i) : own + (ring - 1) * around + i);
  const triangles: number[] = [];
  for (let ring = 0; ring < RINGS; ring++) {
    for (let i = 0; i < around; i++) {
      const j = (i + 1) % around;
      triangles.push(vertexAt(ring, j), vertexAt(ring, i), vertexAt(ring + 1, i));
      triangles.push(vertexAt(ring, j), vertexAt(ring + 1, i), vertexAt(ring + 1, j));
    }
  }
  const count = RINGS * around;
  return {
    around,
    count,
    triangles,
    positions(vertices) {
      const out = new Float32Array(3 * count);
      for (let ring = 1; ring <= RINGS; ring++) {
        for (let i = 0; i < around; i++) {
          const vertex = at(loop, i);
          out.set(capPoint(vertices.subarray(3 * vertex, 3 * vertex + 3), ring / RINGS), 3 * ((ring - 1) * around + i));
        }
      }
      return out;
    },
  };
}

/** The point a share of the way from an edge point to the pole, around the centre. */
function capPoint(edge: Float32Array, share: number): Vector3 {
  const [x, y, z] = [0, 1, 2].map((axis) => at(edge, axis) - at(CENTRE, axis)) as [number, number, number];
  const length = Math.hypot(x, y, z);
  const way = share ** 1.25;
  const [u, v, w] = slerp([x / length, y / length, z / length], POLE, way);
  const round = 1 / Math.hypot(u / AXES[0], v / AXES[1], w / AXES[2]);
  const settled = Math.min(1, way * 3);
  // Hair rises from the edge at once, but not on the neck.
  const hair = y > -40 ? HAIR * Math.min(1, way * 8) : 0;
  const radius = (length + (round - length) * settled * settled * (3 - 2 * settled)) * (1 + hair);
  return [CENTRE[0] + u * radius, CENTRE[1] + v * radius, CENTRE[2] + w * radius];
}

function slerp(a: Vector3, b: Vector3, share: number): Vector3 {
  const cosine = Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]));
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle) || 1;
  const p = Math.sin((1 - share) * angle) / sine;
  const q = Math.sin(share * angle) / sine;
  return [p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]];
}
