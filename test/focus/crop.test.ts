import { describe, expect, it } from 'vitest';
import { cropToFrame, frameToCrop } from '../../src/face/crop-transform';
import type { Crop } from '../../src/face/types';
import { cropFromDetection, moveCrop, type Pixels, resampleCrop } from '../../src/focus/crop';
import { samplesPerSide } from '../../src/focus/resample';

const PLANE = 192 * 192;
const crop: Crop = { centreX: 120, centreY: 80, side: 96, angle: 0.3 };

function picture(width: number, height: number, value: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.fill(value(x, y), 4 * (y * width + x), 4 * (y * width + x) + 4);
  }
  return { data, width, height };
}
const resample = (pixels: Pixels, at: Crop) => resampleCrop(pixels, at, new Float32Array(3 * PLANE));

describe('crop', () => {
  it('C3 crop pixel 95.5 is the centre, and both transforms are inverse', () => {
    const there = cropToFrame(crop);
    const back = frameToCrop(crop);
    const move = (t: typeof there, x: number, y: number) =>
      [t.x0 + t.a * x - t.b * y, t.y0 + t.b * x + t.a * y] as const;
    expect(move(there, 95.5, 95.5)).toEqual([expect.closeTo(120, 9), expect.closeTo(80, 9)]);
    const [x, y] = move(there, 10, 170);
    expect(move(back, x, y)).toEqual([expect.closeTo(10, 9), expect.closeTo(170, 9)]);
  });

  it('C3 a positive angle turns the crop clockwise on screen', () => {
    const t = cropToFrame({ centreX: 0, centreY: 0, side: 192, angle: Math.PI / 2 });
    // One crop pixel to the right is one frame pixel down.
    expect([t.a, t.b]).toEqual([expect.closeTo(0, 9), expect.closeTo(1, 9)]);
  });

  it('C4 the border is repeated outside the frame', () => {
    const out = resample(
      picture(64, 64, (x) => (x === 0 ? 200 : 10)),
      { centreX: 0, centreY: 32, side: 192, angle: 0 },
    );
    expect(out[96 * 192]).toBeCloseTo(200 / 255, 5);
    expect(out[96 * 192 + 191]).toBeCloseTo(10 / 255, 5);
    const far = resample(
      picture(8, 8, () => 77),
      { centreX: 5000, centreY: -5000, side: 3000, angle: 1 },
    );
    expect(far.every((value) => Math.abs(value - 77 / 255) < 1e-5)).toBe(true);
  });

  it('C5 whole pixels are copied, planes are R, G, B', () => {
    const pixels = picture(192, 192, (x, y) => (x * 7 + y * 13) % 256);
    for (let i = 0; i < pixels.data.length; i += 4) pixels.data[i + 2] = 9;
    const out = resample(pixels, { centreX: 95.5, centreY: 95.5, side: 192, angle: 0 });
    expect(out[5 * 192 + 3]).toBeCloseTo(((3 * 7 + 5 * 13) % 256) / 255, 6);
    expect(out[2 * PLANE + 500]).toBeCloseTo(9 / 255, 6);
  });

  it('C6 fine stripes become grey when the crop is reduced', () => {
    const stripes = picture(600, 600, (x) => (x % 2 ? 255 : 0));
    const out = resample(stripes, { centreX: 299.5, centreY: 299.5, side: 384, angle: 0 });
    const line = out.subarray(96 * 192 + 20, 96 * 192 + 170);
    expect(Math.max(...line) - Math.min(...line)).toBeLessThan(0.01);
    expect([100, 300, 345, 346, 384, 1920].map(samplesPerSide)).toEqual([1, 1, 1, 2, 2, 8]);
  });

  it('C7 a detection gives a square rotated with the eyes', () => {
    const upright = cropFromDetection({
      x: 100,
      y: 50,
      width: 80,
      height: 80,
      rightEye: [125, 75],
      leftEye: [155, 75],
    });
    expect(upright).toEqual({ centreX: 140, centreY: 75 + 0.19 * 80, side: 128, angle: 0 });
    // The same face, the frame turned a quarter clockwise: (x, y) → (200 − y, x).
    const turned = cropFromDetection({
      x: 70,
      y: 100,
      width: 80,
      height: 80,
      rightEye: [125, 125],
      leftEye: [125, 155],
    });
    expect(turned.angle).toBeCloseTo(Math.PI / 2, 9);
    expect(turned.side).toBeCloseTo(upright.side, 9);
    expect(turned.centreX).toBeCloseTo(200 - upright.centreY, 6);
    expect(turned.centreY).toBeCloseTo(upright.centreX, 6);
  });

  it('C8 the next crop extrapolates the last motion, within limits', () => {
    const before: Crop = { centreX: 100, centreY: 100, side: 100, angle: 3.1 };
    const previous: Crop = { centreX: 110, centreY: 96, side: 102, angle: -3.1 };
    const next = moveCrop(previous, before);
    expect([next.centreX, next.centreY]).toEqual([expect.closeTo(120, 6), expect.closeTo(92, 6)]);
    expect(next.side).toBeCloseTo(104.04, 6);
    expect(next.angle).toBeCloseTo(-3.1 + (2 * Math.PI - 6.2), 6);
    expect(moveCrop(previous, previous)).toEqual(previous);
    const jump = moveCrop({ ...previous, centreX: 900 }, before);
    expect(jump.centreX).toBeCloseTo(900 + 0.25 * 102, 6);
  });

  it('C8 a longer interval moves it further', () => {
    const before: Crop = { centreX: 100, centreY: 100, side: 100, angle: 0 };
    expect(moveCrop({ ...before, centreX: 104 }, before, 2).centreX).toBeCloseTo(112, 6);
  });
});
