import { describe, expect, it } from 'vitest';
import type { Crop, FaceMask } from '../../src/face/types';
import {
  hasOuterOccluder,
  joinMasks,
  padMask,
  touchesBorder,
  type WidePass,
  wideSquare,
} from '../../src/focus/wide-mask';

const crop: Crop = { centreX: 200, centreY: 150, side: 192, angle: 0.3 };

type Cells = (row: number, column: number) => number;

/** A mask of 96 × 96 cells, 0 to 255. */
function maskOf(value: Cells, own: Cells = () => 0): FaceMask {
  const channel = (of: Cells) => Uint8Array.from({ length: 96 * 96 }, (_, i) => of(Math.floor(i / 96), i % 96));
  return { width: 96, height: 96, extent: 1, occluder: channel(value), skin: channel(value), own: channel(own) };
}
const pass = (value: Cells, of = crop): WidePass => {
  return { mask: maskOf(value), square: wideSquare(of) };
};
const nothing = maskOf(() => 0);
const at = ({ occluder, width }: FaceMask, row: number, column: number) => occluder[row * width + column];

describe('wide mask', () => {
  it('K6 has the crop’s own cells in its middle, and the wide pass around', () => {
    const inner = maskOf((row, column) => (row === 40 && column === 50 ? 255 : 0));
    const joined = joinMasks(
      inner,
      crop,
      pass((row) => (row < 8 ? 200 : 0)),
    );
    expect([joined.width, joined.height, joined.extent]).toEqual([144, 144, 1.5]);
    expect([at(joined, 64, 74), at(joined, 64, 75)]).toEqual([255, 0]);
    // Cell 8 of the wide pass begins at the wide mask's cell 12.
    expect([at(joined, 5, 70), at(joined, 10, 70), at(joined, 13, 70)]).toEqual([200, 200, 0]);
    expect([joined.skin[5 * 144 + 70], joined.own[5 * 144 + 70]]).toEqual([200, 0]);
  });

  it('K6 has no step at the border of the crop: both are blended over twelve cells', () => {
    const joined = joinMasks(
      nothing,
      crop,
      pass(() => 255),
    );
    const row = [22, 23, 24, 25, 29, 30, 34, 35, 36, 37].map((column) => at(joined, 72, column) ?? 0);
    expect(row).toEqual([255, 255, 244, 223, 138, 117, 32, 11, 0, 0]);
  });

  it('K6 takes a pass of an earlier crop from where it was in the frame', () => {
    // The head has moved right by 12 cells of the crop, that is by 8 of the pass: a vertical bar stays in the frame.
    const now = { ...crop, angle: 0, centreX: crop.centreX + 24 };
    const bar = pass((_, column) => (column >= 88 ? 255 : 0), { ...crop, angle: 0 });
    const joined = joinMasks(nothing, now, bar);
    // Bar from cell 88 of the pass, 132 of its wide mask: 120 on the new crop.
    expect([at(joined, 10, 118), at(joined, 10, 122)]).toEqual([0, 255]);
    // Nothing is known beyond the old pass.
    expect(at(joined, 10, 140)).toBe(0);
  });

  it('K6 is the crop’s mask alone without a pass, or its border continued', () => {
    const inner = maskOf((_, column) => (column === 95 ? 90 : 0));
    expect([at(padMask(inner, false), 72, 119), at(padMask(inner, false), 72, 120)]).toEqual([90, 0]);
    expect([at(padMask(inner, true), 72, 130), at(padMask(inner, true), 3, 130)]).toEqual([90, 90]);
  });

  it('K7 own hair and headwear at the border are no reason for a wide pass', () => {
    const all = () => 255;
    const hair = maskOf(all, all);
    expect(touchesBorder(hair)).toBe(false);
    expect(touchesBorder(maskOf(all))).toBe(true);
    expect(hasOuterOccluder({ mask: hair, square: wideSquare(crop) })).toBe(false);
  });

  it('K6 an occluder counts at the border and outside of the crop, a few stray cells do not', () => {
    expect(touchesBorder(maskOf((row, column) => (row > 90 && column === 40 ? 200 : 0)))).toBe(true);
    expect(touchesBorder(maskOf((row, column) => (row > 93 && column === 40 ? 200 : 0)))).toBe(false);
    expect(touchesBorder(maskOf((row, column) => (row > 30 && row < 80 && column === 40 ? 200 : 0)))).toBe(false);
    expect(hasOuterOccluder(pass((row) => (row > 85 ? 200 : 0)))).toBe(true);
    expect(
      hasOuterOccluder(pass((row, column) => (row > 20 && row < 70 && column > 20 && column < 70 ? 200 : 0))),
    ).toBe(false);
  });
});
