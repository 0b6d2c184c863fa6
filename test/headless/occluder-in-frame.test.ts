import { describe, expect, it } from 'vitest';
import type { Crop, FaceMask } from '../../src/face/types';
import { occluderInFrame } from '../../src/headless/occluder-in-frame';

const CELLS = 96 * 96;
const crop: Crop = { centreX: 95.5, centreY: 95.5, side: 192, angle: 0 };

function maskOf(value: (row: number, column: number) => number): FaceMask {
  const occluder = Uint8Array.from({ length: CELLS }, (_, i) => value(Math.floor(i / 96), i % 96));
  const none = new Uint8Array(CELLS);
  return { width: 96, height: 96, extent: 1, occluder, skin: none, own: none };
}
const inFrame = (mask: FaceMask, at: Crop, width: number, height: number) =>
  occluderInFrame(mask, at, width, height, new Uint8Array(width * height));

describe('occluder in the frame', () => {
  it('K2 cell j covers crop pixels 2j and 2j + 1', () => {
    // Cells from column 48 on are covered: the step lies between pixels 95 and 96, softened over one cell.
    const out = inFrame(
      maskOf((_, column) => (column >= 48 ? 255 : 0)),
      crop,
      192,
      192,
    );
    const row = out.subarray(90 * 192, 91 * 192);
    expect([row[93], row[94], row[95], row[96], row[97], row[98]]).toEqual([0, 0, 64, 191, 255, 255]);
  });

  it('K2 a wide mask extends around the crop, with the same cells in the middle', () => {
    const narrow = maskOf((row, column) => (row === 30 && column === 60 ? 255 : 0));
    const occluder = Uint8Array.from({ length: 144 * 144 }, (_, i) => {
      const [row, column] = [Math.floor(i / 144) - 24, (i % 144) - 24];
      return (row === 30 && column === 60) || column === -20 ? 255 : 0;
    });
    const wide = { ...narrow, width: 144, height: 144, extent: 1.5, occluder };
    const turned = { centreX: 200, centreY: 200, side: 192, angle: 0.3 };
    const [a, b] = [narrow, wide].map((mask) => inFrame(mask, turned, 400, 400));
    const both = a?.filter((value, pixel) => value > 0 && value !== b?.[pixel]);
    expect(both).toHaveLength(0);
    // The bar is 135 crop pixels left of the crop's centre.
    const bar = Math.round(200 - 135 * Math.sin(0.3)) * 400 + Math.round(200 - 135 * Math.cos(0.3));
    expect(b?.[bar]).toBeGreaterThan(200);
  });

  it('K3 the mask turns and grows with its crop', () => {
    const mask = maskOf((row, column) => (row < 48 && column >= 48 ? 255 : 0));
    // Upper right of the crop, turned a quarter clockwise, is lower right of the frame.
    const out = inFrame(mask, { centreX: 200, centreY: 200, side: 384, angle: Math.PI / 2 }, 400, 400);
    const at = (x: number, y: number) => out[y * 400 + x];
    expect([at(300, 300), at(300, 100), at(100, 300), at(100, 100)]).toEqual([255, 0, 0, 0]);
  });

  it('K4 the edge is feathered, outside the crop is 0', () => {
    const out = inFrame(
      maskOf(() => 255),
      { ...crop, centreX: 295.5, centreY: 295.5 },
      600,
      600,
    );
    const row = out.subarray(300 * 600, 301 * 600);
    expect([row[198], row[199], row[200], row[201]]).toEqual([0, 64, 191, 255]);
    expect(row[100]).toBe(0);
  });

  it('K5 several faces make a union, and a crop outside the frame does nothing', () => {
    const out = inFrame(
      maskOf(() => 200),
      crop,
      192,
      192,
    );
    occluderInFrame(
      maskOf(() => 90),
      crop,
      192,
      192,
      out,
    );
    expect(out[96 * 192 + 96]).toBe(200);
    expect(
      inFrame(
        maskOf(() => 255),
        { ...crop, centreX: -900 },
        192,
        192,
      ).every((value) => value === 0),
    ).toBe(true);
  });
});
