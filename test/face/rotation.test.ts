import { describe, expect, it } from 'vitest';
import {
  aboutZ,
  angleBetween,
  between,
  conjugate,
  exponential,
  fromMatrix,
  IDENTITY,
  logarithm,
  multiply,
  normaliseQuaternion,
  toMatrix,
} from '../../src/face/rotation';
import type { Quaternion } from '../../src/face/types';
import { seeded } from './tiny-face-model';

const random = seeded(3);
const quaternions = Array.from({ length: 50 }, () => {
  const q: Quaternion = [random(), random(), random(), random()];
  return normaliseQuaternion(q);
});
const close = (a: Quaternion, b: Quaternion) => expect(angleBetween(a, b)).toBeLessThan(1e-6);

describe('rotations', () => {
  it('M5 matrix and quaternion are the same rotation', () => {
    for (const q of quaternions) close(fromMatrix(toMatrix(q)), q);
    // Half turns about each axis: the three branches without a positive trace.
    for (const q of [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ] as const)
      close(fromMatrix(toMatrix(q)), q);
  });

  it('M5 the exponential inverts the logarithm, also near 0 and near π', () => {
    for (const q of quaternions) close(exponential(logarithm(q)), q);
    close(exponential(logarithm(IDENTITY)), IDENTITY);
    expect(exponential([1e-12, 0, 0])[0]).toBeCloseTo(5e-13, 20);
    expect(Math.hypot(...logarithm(exponential([0, 3.1, 0])))).toBeCloseTo(3.1, 9);
  });

  it('M5 a product applies the right factor first, as for matrices', () => {
    const [a, b] = [exponential([0, Math.PI / 2, 0]), aboutZ(Math.PI / 2)];
    // x → y about z, then y stays y about y.
    const [m00, , , m10, , , m20] = toMatrix(multiply(a, b));
    expect([m00, m10, m20]).toEqual([expect.closeTo(0), expect.closeTo(1), expect.closeTo(0)]);
    close(multiply(a, conjugate(a)), IDENTITY);
  });

  it('M5 gives the shortest rotation of one direction onto another', () => {
    const turn = between([0, 0, -1], [Math.sin(0.5), 0, -Math.cos(0.5)]);
    expect(angleBetween(turn, IDENTITY)).toBeCloseTo(0.5, 9);
    const [, , m02, , , m12, , , m22] = toMatrix(turn);
    expect([-m02, -m12, -m22]).toEqual([
      expect.closeTo(Math.sin(0.5)),
      expect.closeTo(0),
      expect.closeTo(-Math.cos(0.5)),
    ]);
  });
});
