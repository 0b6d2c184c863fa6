import { at } from '../../src/face/at';
import { toMatrix } from '../../src/face/rotation';
import type { Pose, Vector3 } from '../../src/face/types';

/** Points (n × 3) and triangles over them, counter-clockwise from outside. */
export interface Mesh {
  readonly positions: Float32Array;
  readonly triangles: Uint16Array;
}

/** Points moved by a pose: rotation · (p − origin) + translation. */
export function placed(points: Float32Array, pose: Pose, origin: Vector3 = [0, 0, 0]): Float32Array {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = toMatrix(pose.rotation);
  const [tx, ty, tz] = pose.translation;
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const x = at(points, i) - origin[0];
    const y = at(points, i + 1) - origin[1];
    const z = at(points, i + 2) - origin[2];
    out[i] = m00 * x + m01 * y + m02 * z + tx;
    out[i + 1] = m10 * x + m11 * y + m12 * z + ty;
    out[i + 2] = m20 * x + m21 * y + m22 * z + tz;
  }
  return out;
}

/** Several meshes as one. */
export function joined(meshes: readonly Mesh[]): Mesh {
  const positions = new Float32Array(meshes.reduce((sum, mesh) => sum + mesh.positions.length, 0));
  const triangles = new Uint16Array(meshes.reduce((sum, mesh) => sum + mesh.triangles.length, 0));
  let vertex = 0;
  let corner = 0;
  for (const mesh of meshes) {
    positions.set(mesh.positions, 3 * vertex);
    for (const index of mesh.triangles) triangles[corner++] = index + vertex;
    vertex += mesh.positions.length / 3;
  }
  return { positions, triangles };
}

/** Triangles between rings of `around` points, ring after ring, the first one's points first. */
export function ringTriangles(rings: number, around: number): number[] {
  const triangles: number[] = [];
  for (let ring = 0; ring + 1 < rings; ring++) {
    for (let i = 0; i < around; i++) {
      const a = ring * around + i;
      const b = ring * around + ((i + 1) % around);
      triangles.push(a, b, b + around, a, b + around, a + around);
    }
  }
  return triangles;
}

/** A cross-section of a tube: its middle and its half width and half depth. */
export interface Section {
  readonly at: Vector3;
  readonly radii: readonly [number, number];
}

/** Rings of a tube's round end. */
const CAP = 4;

/**
 * A tube through sections, from the first to the last, round at its end, open at its start. It runs roughly along +y:
 * cross-sections stand across the way, their width along x as far as they can.
 */
export function tube(sections: readonly Section[], around: number): Mesh {
  const rings = sections.map((section, i) => ({ ...section, along: direction(sections, i) }));
  const last = rings[rings.length - 1] as (typeof rings)[number];
  for (let k = 1; k <= CAP; k++) {
    const angle = (k / CAP) * (Math.PI / 2) * 0.98;
    const reach = Math.sin(angle) * Math.min(...last.radii);
    const [x, y, z] = last.at;
    const [ax, ay, az] = last.along;
    const at: Vector3 = [x + ax * reach, y + ay * reach, z + az * reach];
    rings.push({ at, along: last.along, radii: [last.radii[0] * Math.cos(angle), last.radii[1] * Math.cos(angle)] });
  }
  const positions = rings.flatMap(({ at, along, radii }) => ringAround(at, along, radii, around));
  return { positions: Float32Array.from(positions), triangles: Uint16Array.from(ringTriangles(rings.length, around)) };
}

function direction(sections: readonly Section[], i: number): Vector3 {
  const from = (sections[Math.max(0, i - 1)] as Section).at;
  const to = (sections[Math.min(sections.length - 1, i + 1)] as Section).at;
  return unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
}

function unit([x, y, z]: Vector3): Vector3 {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Counter-clockwise seen from where the tube goes to. */
function ringAround(at: Vector3, along: Vector3, radii: readonly [number, number], around: number): number[] {
  const dot = along[0];
  const side = unit([1 - dot * along[0], -dot * along[1], -dot * along[2]]);
  // side × along looks to +z for a tube that runs along +y.
  const front = [
    side[1] * along[2] - side[2] * along[1],
    side[2] * along[0] - side[0] * along[2],
    side[0] * along[1] - side[1] * along[0],
  ] as const;
  const out: number[] = [];
  for (let i = 0; i < around; i++) {
    const angle = (2 * Math.PI * i) / around;
    const s = Math.cos(angle) * radii[0];
    const f = -Math.sin(angle) * radii[1];
    for (const axis of [0, 1, 2] as const) out.push(at[axis] + s * side[axis] + f * front[axis]);
  }
  return out;
}
