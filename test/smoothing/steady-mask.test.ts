import { describe, expect, it } from 'vitest';
import type { Crop, FaceMask } from '../../src/face/types';
import { createMaskSteadier } from '../../src/smoothing/steady-mask';

const crop: Crop = { centreX: 200, centreY: 200, side: 192, angle: 0 };
const maskOf = (value: (row: number, column: number) => number): FaceMask => {
  const occluder = Uint8Array.from({ length: 9216 }, (_, i) => value(Math.floor(i / 96), i % 96));
  return { width: 96, height: 96, extent: 1, occluder, skin: occluder.slice(), own: occluder.slice() };
};
const even = (value: number) => maskOf(() => value);

describe('mask', () => {
  it('S11 small changes are smoothed, large ones pass at once', () => {
    const steadier = createMaskSteadier();
    expect(steadier.step({ mask: even(100), crop }, 0).occluder[0]).toBe(100);
    const small = steadier.step({ mask: even(120), crop }, 1 / 30).occluder[0] as number;
    expect(small).toBeGreaterThan(100);
    expect(small).toBeLessThan(112);
    expect(steadier.step({ mask: even(250), crop }, 2 / 30).occluder[0]).toBe(250);
  });

  it('S11 the previous mask moves with the crop, so that a moving head does not smear it', () => {
    const steadier = createMaskSteadier();
    // A soft edge that stays where it is in the frame while the crop goes 20 px to the right, 10 cells of the mask.
    const edge = (at: number) => maskOf((_, column) => Math.min(90, Math.max(0, (column - at) * 9)));
    steadier.step({ mask: edge(60), crop }, 0);
    const out = steadier.step({ mask: edge(50), crop: { ...crop, centreX: 220 } }, 1 / 30);
    const row = [...out.occluder.subarray(0, 80)];
    expect(row).toEqual([...edge(50).occluder.subarray(0, 80)]);
  });

  it('S11 a wide mask continues the crop’s mask, cell by cell', () => {
    const steadier = createMaskSteadier();
    const soft = (column: number) => Math.min(90, Math.max(0, (column - 50) * 9));
    steadier.step({ mask: maskOf((_, column) => soft(column)), crop }, 0);
    const occluder = Uint8Array.from({ length: 144 * 144 }, (_, i) => soft((i % 144) - 24));
    const wide = { width: 144, height: 144, extent: 1.5, occluder, skin: occluder, own: occluder };
    const out = steadier.step({ mask: wide, crop }, 1 / 30);
    expect([...out.occluder.subarray(72 * 144, 73 * 144)]).toEqual([...occluder.subarray(0, 144)]);
    expect(out.own).toEqual(out.occluder);
    expect(steadier.step({ mask: even(0), crop }, 2 / 30)).toMatchObject({ width: 96, extent: 1 });
  });

  it('S11 cells outside the previous mask pass unchanged', () => {
    const steadier = createMaskSteadier();
    steadier.step({ mask: even(0), crop }, 0);
    const out = steadier.step({ mask: even(60), crop: { ...crop, centreX: 300 } }, 1 / 30);
    expect(out.occluder[95]).toBe(60);
    expect(out.occluder[0]).toBeLessThan(60);
  });
});
