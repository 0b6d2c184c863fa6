import { float32At } from '../face/at';
import { CROP_SIZE, cropToFrame } from '../face/crop-transform';
import type { Crop } from '../face/types';
import { MASK_SIZE, type NetworkOutput } from './network-output';

/** How far a crop is moved, in whole cells of its mask (no mask is resampled): to its own right, and down. */
export type CropShift = readonly [right: number, down: number];

/** Crop pixels of a mask's cell. */
const CELL = CROP_SIZE / MASK_SIZE;
/** Crop pixels of the unit that a pose's translation counts in. */
const HALF_CROP = CROP_SIZE / 2;

/** The crop beside `crop`, of the same size and turn: what it shows stands so many cells further to the left and up. */
export function shiftCrop(crop: Crop, [right, down]: CropShift): Crop {
  const { a, b } = cropToFrame(crop);
  const [x, y] = [CELL * right, CELL * down];
  return { ...crop, centreX: crop.centreX + a * x - b * y, centreY: crop.centreY + b * x + a * y };
}

/**
 * What the network said of the shifted crop, as it would have said it of the crop itself: the pose's camera looks at the
 * head's origin wherever it stands, so that nothing but the translation changes. Cells that the shifted crop did not show
 * take over their neighbour's. Throws RangeError where a shift is no whole number of cells.
 */
export function unshiftOutput(said: NetworkOutput, [right, down]: CropShift): NetworkOutput {
  if (!Number.isInteger(right) || !Number.isInteger(down))
    throw new RangeError(`shift ${right}, ${down}: no whole cells`);
  const pose = said.pose.slice();
  pose[6] = float32At(pose, 6) + (CELL * right) / HALF_CROP;
  pose[7] = float32At(pose, 7) + (CELL * down) / HALF_CROP;
  const mask = new Float32Array(said.mask.length);
  const cells = MASK_SIZE * MASK_SIZE;
  for (let i = 0; i < mask.length; i++) {
    const channel = Math.floor(i / cells);
    const row = inside(Math.floor((i % cells) / MASK_SIZE) - down);
    const column = inside((i % MASK_SIZE) - right);
    mask[i] = float32At(said.mask, channel * cells + row * MASK_SIZE + column);
  }
  return { ...said, pose, mask };
}

function inside(index: number): number {
  return Math.min(Math.max(index, 0), MASK_SIZE - 1);
}
