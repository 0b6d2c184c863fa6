import { describe, expect, it } from 'vitest';
import type { Crop } from '../../src/face/types';
import { cropCamera } from '../../src/focus/camera';
import { type CropShift, shiftCrop, unshiftOutput } from '../../src/focus/shift-crop';
import { someOutput } from './some-output';
import { tinyManifest } from './tiny-bundle';

const convention = tinyManifest().pose;
const crop: Crop = { centreX: 300.3, centreY: 220.7, side: 150, angle: 0.4 };
const shifts: readonly CropShift[] = [
  [0, 0],
  [4, 0],
  [0, -3],
  [-4, 4],
];

describe('unshiftOutput', () => {
  it.each(shifts)('P18: converts the output of a crop shifted %i right and %i down', (...shift) => {
    const said = someOutput(3);
    const beside = cropCamera(said.pose, shiftCrop(crop, shift), convention);
    const own = cropCamera(unshiftOutput(said, shift).pose, crop, convention);
    expect(own.rotation).toEqual(beside.rotation);
    expect(own.scale).toBeCloseTo(beside.scale, 6);
    expect(own.centre[0]).toBeCloseTo(beside.centre[0], 4);
    expect(own.centre[1]).toBeCloseTo(beside.centre[1], 4);
  });

  it('P18: shifts both masks and repeats the border', () => {
    const said = someOutput(3);
    const { mask } = unshiftOutput(said, [4, -3]);
    for (const start of [0, 96 * 96]) {
      expect(mask[start + 20 * 96 + 50]).toBe(said.mask[start + 23 * 96 + 46]);
      expect(mask[start + 95 * 96 + 2]).toBe(said.mask[start + 95 * 96]);
    }
  });

  it('P18: refuses fractions of a cell', () => {
    expect(() => unshiftOutput(someOutput(3), [0.5, 0])).toThrow(/not whole cells/);
  });

  it('P18: changes neither the other values nor its input', () => {
    const said = someOutput(3);
    const kept = structuredClone(said);
    const { pose: _pose, mask: _mask, ...rest } = unshiftOutput(said, [4, 4]);
    expect(said).toEqual(kept);
    expect(kept).toMatchObject(rest);
  });
});
