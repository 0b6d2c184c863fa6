import { describe, expect, it } from 'vitest';
import { countMask, flicker, hullRegion, maskFigures } from '../../../bench/mask/measure';

const WIDTH = 60;
const HEIGHT = 40;
const everywhere: Uint8Array = new Uint8Array(WIDTH * HEIGHT).fill(1);

function box(left: number, top: number, right: number, bottom: number, value = 255): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return x >= left && x < right && y >= top && y < bottom ? value : 0;
  });
}

const figures = (mask: Uint8Array, truth: Uint8Array, region = everywhere) =>
  maskFigures([countMask(mask, truth, region, WIDTH)]);

describe('measures of masks', () => {
  const truth = box(20, 10, 40, 30);

  it('CM1 a mask equal to the truth has 1 and 1, an empty one 0 and 0', () => {
    expect(figures(truth, truth)).toEqual({ iou: 1, boundary: 1 });
    expect(figures(box(0, 0, 0, 0), truth)).toEqual({ iou: 0, boundary: 0 });
  });

  it('CM1 an outline is near up to 2 pixels, and no farther', () => {
    expect(figures(box(22, 10, 42, 30), truth)).toEqual({ iou: 18 / 22, boundary: 1 });
    expect(figures(box(23, 13, 37, 27), truth).boundary).toBe(0);
  });

  it('CM1 what lies outside of the region does not count', () => {
    const region = box(0, 0, 40, 40, 1);
    const wrongOutside = truth.map((value, i) => (i % WIDTH > 45 ? 255 : value));
    expect(figures(wrongOutside, truth, region)).toEqual({ iou: 1, boundary: 1 });
    expect(figures(wrongOutside, truth).iou).toBeLessThan(0.5);
  });

  it('CM1 half covered counts as covered, less does not', () => {
    expect(figures(box(20, 10, 40, 30, 128), truth).iou).toBe(1);
    expect(figures(box(20, 10, 40, 30, 127), truth).iou).toBe(0);
  });

  it('CM1 flicker is the mean change along the outline', () => {
    expect(flicker(truth, truth, truth, everywhere, WIDTH)).toBe(0);
    const dimmed = truth.map((value) => (value ? 245 : 10));
    expect(flicker(truth, dimmed, truth, everywhere, WIDTH)).toBeCloseTo(10, 6);
    const farAway = truth.map((value, i) => (i % WIDTH > 52 ? 255 : value));
    expect(flicker(truth, farAway, truth, everywhere, WIDTH)).toBe(0);
  });

  it('CM1 the region is the hull of the points', () => {
    const region = hullRegion(
      Float32Array.from([10, 10, 9, 30, 10, 9, 20, 15, 9, 10, 30, 9, 30, 30, 9]),
      3,
      WIDTH,
      HEIGHT,
    );
    expect(region.reduce((sum, value) => sum + value, 0)).toBe(21 * 21);
    expect(region[20 * WIDTH + 20]).toBe(1);
    expect(region[20 * WIDTH + 31]).toBe(0);
  });
});
