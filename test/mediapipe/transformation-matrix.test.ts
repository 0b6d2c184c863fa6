import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fitTransform, type Point } from '../../src/package/mediapipe/fit-transform';
import { transformationMatrix } from '../../src/package/mediapipe/transformation-matrix';

interface Golden {
  readonly pictures: readonly {
    readonly points: readonly Point[];
    readonly matrix: { readonly rows: number; readonly columns: number; readonly data: readonly number[] };
  }[];
}

/** What MediaPipe itself reports; tools/package/mediapipe-golden.mjs writes it. */
const { pictures } = JSON.parse(readFileSync('test/golden/mediapipe.json', 'utf8')) as Golden;
const SIZE = { width: 640, height: 480 };
const NOSE_TIP = [0, -1.126865, 7.475604, 1];

const apply = (data: readonly number[], point: readonly number[]) =>
  [0, 1, 2].map((row) => point.reduce((sum, value, column) => sum + value * (data[4 * column + row] ?? 0), 0));

describe("MediaPipe's transformation matrix", () => {
  it.each(pictures.map((_, i) => i))("PK16 from MediaPipe's landmarks it is MediaPipe's: picture %i", (i) => {
    const picture = pictures[i];
    const landmarks = (picture?.points ?? []).map(([x, y, z]) => ({ x, y, z, visibility: 0 }));
    const { data, ...shape } = transformationMatrix(landmarks, SIZE);
    const { data: theirs = [], ...theirShape } = picture?.matrix ?? {};
    expect(shape).toEqual(theirShape);
    // Rotations within 0.1°, positions within 0.2 mm: the stored landmarks are rounded.
    for (const at of [0, 1, 2, 4, 5, 6, 8, 9, 10]) expect(data[at]).toBeCloseTo(theirs[at] ?? Number.NaN, 2.5);
    const distance = Math.hypot(
      ...apply(data, NOSE_TIP).map((value, axis) => value - (apply(theirs, NOSE_TIP)[axis] ?? 0)),
    );
    expect(distance).toBeLessThan(0.02);
  });

  it('PK16 the fit recovers a rotation, a scale and a translation', () => {
    const from: Point[] = [
      [0, 0, 0],
      [4, 0, 1],
      [0, 3, -1],
      [1, 1, 2],
    ];
    const [cos, sin] = [Math.cos(2.5), Math.sin(2.5)];
    const to = from.map(([x, y, z]): Point => [2 * (cos * x - sin * y) + 5, 2 * (sin * x + cos * y) - 1, 2 * z + 9]);
    const { scale, turn, shift } = fitTransform(from, to, [1, 2, 3, 4]);
    expect(scale).toBeCloseTo(2);
    [2 * cos, -2 * sin, 0, 2 * sin, 2 * cos, 0, 0, 0, 2].forEach((value, i) => {
      expect(turn[i]).toBeCloseTo(value);
    });
    [5, -1, 9].forEach((value, i) => {
      expect(shift[i]).toBeCloseTo(value);
    });
  });
});
