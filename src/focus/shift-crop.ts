import { float32At } from '../face/at';
import { CROP_SIZE, cropToFrame } from '../face/crop-transform';
import type { Crop } from '../face/types';
import { MASK_SIZE, type NetworkOutput } from './network-output';

/** Shift of a crop in whole cells of its mask (so that no mask is resampled), along its own axes: right and down. */
export type CropShift = readonly [right: number, down: number];

/** Crop pixels per mask cell. */
const CELL = CROP_SIZE / MASK_SIZE;
/** Crop pixels per unit of a pose's translation. */
const HALF_CROP = CROP_SIZE / 2;

/** The crop shifted along its own axes; its content moves left and up by as many cells. */
export function shiftCrop(crop: Crop, [right, down]: CropShift): Crop {
  const { a, b } = cropToFrame(crop);
  const [x, y] = [CELL * right, CELL * down];
  return { ...crop, centreX: crop.centreX + a * x - b * y, centreY: crop.centreY + b * x + a * y };
}

/**
 * Converts the output for a shifted crop to the unshifted crop. The optical axis of the pose's camera passes through the
 * head's origin, so only the translation changes. Mask cells outside the shifted crop repeat its border. Throws RangeError
 * where a shift is not a whole number of cells.
 */
export function unshiftOutput(output: NetworkOutput, [right, down]: CropShift): NetworkOutput {
  if (!Number.isInteger(right) || !Number.isInteger(down))
    throw new RangeError(`shift ${right}, ${down}: not whole cells`);
  const pose = output.pose.slice();
  pose[6] = float32At(pose, 6) + (CELL * right) / HALF_CROP;
  pose[7] = float32At(pose, 7) + (CELL * down) / HALF_CROP;
  const mask = new Float32Array(output.mask.length);
  const cells = MASK_SIZE * MASK_SIZE;
  for (let i = 0; i < mask.length; i++) {
    const channel = Math.floor(i / cells);
    const row = inside(Math.floor((i % cells) / MASK_SIZE) - down);
    const column = inside((i % MASK_SIZE) - right);
    mask[i] = float32At(output.mask, channel * cells + row * MASK_SIZE + column);
  }
  return { ...output, pose, mask };
}

function inside(index: number): number {
  return Math.min(Math.max(index, 0), MASK_SIZE - 1);
}
