import { describe, expect, it } from 'vitest';
import { cropView, viewCorrelation } from '../../src/focus/crop-view';

const SIZE = 192;

/** A network input whose pixels are a function of column and row, 0 to 1. */
function image(value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => value(i % SIZE, Math.floor(i / SIZE) % SIZE));
}

const left = image((x) => (x < 96 ? 1 : 0));
const top = image((_, y) => (y < 96 ? 1 : 0));

describe('crop view', () => {
  it('P22: has the mean of each cell', () => {
    const view = cropView(left, SIZE);
    expect(view).toHaveLength(3 * 12 * 12);
    expect([view[0], view[5], view[6], view[11]].map((value) => value?.toFixed(3))).toEqual([
      '1.000',
      '1.000',
      '0.000',
      '0.000',
    ]);
  });

  it('P22: correlates with itself in other light, not with another picture', () => {
    const dim = image((x) => (x < 96 ? 0.4 : 0.2));
    expect(viewCorrelation(cropView(left, SIZE), cropView(dim, SIZE))).toBeCloseTo(1);
    expect(viewCorrelation(cropView(left, SIZE), cropView(top, SIZE))).toBeCloseTo(0);
  });

  it('P22: a hand on half of the crop leaves it similar, a black picture is no cut', () => {
    const face = image((x, y) => 0.5 + 0.4 * Math.sin(x / 17) * Math.cos(y / 13));
    const covered = face.map((value, i) => (i % SIZE > 110 ? 0.55 : value));
    expect(viewCorrelation(cropView(face, SIZE), cropView(covered, SIZE))).toBeGreaterThan(0.6);
    expect(
      viewCorrelation(
        cropView(face, SIZE),
        cropView(
          image(() => 0),
          SIZE,
        ),
      ),
    ).toBe(1);
  });
});
