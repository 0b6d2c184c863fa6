import type { Quaternion, Vector3 } from './types';

/** 3 × 3 values in row order. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

export const IDENTITY: Quaternion = [0, 0, 0, 1];

/** a ∘ b: b is applied first. */
export function multiply(a: Quaternion, b: Quaternion): Quaternion {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** The inverse of a unit quaternion. */
export function conjugate([x, y, z, w]: Quaternion): Quaternion {
  return [-x, -y, -z, w];
}

export function normaliseQuaternion([x, y, z, w]: Quaternion): Quaternion {
  const length = Math.hypot(x, y, z, w);
  return [x / length, y / length, z / length, w / length];
}

/** Rotation by `angle` radians about z, counter-clockwise seen from +z. */
export function aboutZ(angle: number): Quaternion {
  return [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];
}

export function toMatrix([x, y, z, w]: Quaternion): Matrix3 {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

/** Unit quaternion (w >= 0) of a rotation matrix. */
export function fromMatrix(m: Matrix3): Quaternion {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = m;
  const trace = m00 + m11 + m22;
  let q: Quaternion;
  if (trace > 0) q = [m21 - m12, m02 - m20, m10 - m01, 1 + trace];
  else if (m00 > m11 && m00 > m22) q = [1 + m00 - m11 - m22, m01 + m10, m02 + m20, m21 - m12];
  else if (m11 > m22) q = [m01 + m10, 1 + m11 - m00 - m22, m12 + m21, m02 - m20];
  else q = [m02 + m20, m12 + m21, 1 + m22 - m00 - m11, m10 - m01];
  const [x, y, z, w] = normaliseQuaternion(q);
  return w < 0 ? [-x, -y, -z, -w] : [x, y, z, w];
}

/** The shortest rotation that turns unit vector `from` onto unit vector `to`; they must not be opposite. */
export function between(from: Vector3, to: Vector3): Quaternion {
  const [ax, ay, az] = from;
  const [bx, by, bz] = to;
  return normaliseQuaternion([
    ay * bz - az * by,
    az * bx - ax * bz,
    ax * by - ay * bx,
    1 + ax * bx + ay * by + az * bz,
  ]);
}

/** The rotation vector (axis × radians, at most π long) of a unit quaternion. */
export function logarithm(q: Quaternion): Vector3 {
  const [x, y, z, w] = q[3] < 0 ? [-q[0], -q[1], -q[2], -q[3]] : q;
  const sine = Math.hypot(x, y, z);
  const scale = sine < 1e-9 ? 2 : (2 * Math.atan2(sine, w)) / sine;
  return [x * scale, y * scale, z * scale];
}

/** The unit quaternion of a rotation vector; the inverse of `logarithm`. */
export function exponential([x, y, z]: Vector3): Quaternion {
  const angle = Math.hypot(x, y, z);
  const scale = angle < 1e-9 ? 0.5 : Math.sin(angle / 2) / angle;
  return [x * scale, y * scale, z * scale, Math.cos(angle / 2)];
}

/** The rotation about the same axis by `share` of the angle. */
export function partOf(rotation: Quaternion, share: number): Quaternion {
  const [x, y, z] = logarithm(rotation);
  return exponential([share * x, share * y, share * z]);
}

/** Radians between two rotations, 0 to π. */
export function angleBetween(a: Quaternion, b: Quaternion): number {
  return Math.hypot(...logarithm(multiply(conjugate(a), b)));
}
