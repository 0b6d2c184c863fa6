import { CROP_SIZE, cropToFrame, frameToCrop } from '../face/crop-transform';
import type { Crop, FaceMask } from '../face/types';

/** What of a mask says what is in front: square cells over the crop, 0 to 255, row by row. */
export type Occluder = Pick<FaceMask, 'width' | 'height' | 'occluder'>;

/** The frame rows and columns a crop can touch: [x0, x1) × [y0, y1). */
function bounds(crop: Crop, width: number, height: number) {
  const { a, b } = cropToFrame(crop);
  const reach = 97 * (Math.abs(a) + Math.abs(b));
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    left: clamp(Math.floor(crop.centreX - reach), width),
    right: clamp(Math.ceil(crop.centreX + reach) + 1, width),
    top: clamp(Math.floor(crop.centreY - reach), height),
    bottom: clamp(Math.ceil(crop.centreY + reach) + 1, height),
  };
}

/**
 * The occluder in the frame, width × height bytes: bilinear between the cells' centres, faded to 0 over the outermost
 * cell. `out` keeps the larger value, so that several faces make a union; clear it before the first.
 */
export function occluderInFrame(
  mask: Occluder,
  crop: Crop,
  width: number,
  height: number,
  out: Uint8Array,
): Uint8Array {
  const { a, b, x0, y0 } = frameToCrop(crop);
  const { left, right, top, bottom } = bounds(crop, width, height);
  const cell = CROP_SIZE / mask.width;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      // Of cells of 2 pixels, cell j's centre is at crop pixel 2j + 0.5.
      const column = (x0 + a * x - b * y + 0.5) / cell - 0.5;
      const row = (y0 + b * x + a * y + 0.5) / cell - 0.5;
      const value = bilinear(mask.occluder, mask.width, column, row);
      const at = y * width + x;
      if (value > (out[at] as number)) out[at] = value;
    }
  }
  return out;
}

/** A value between cells; 0 from one cell outside on. */
function bilinear(cells: Uint8Array, size: number, column: number, row: number): number {
  if (!(column > -1 && row > -1 && column < size && row < size)) return 0;
  const j = Math.floor(column);
  const i = Math.floor(row);
  const fx = column - j;
  const fy = row - i;
  const cell = (r: number, c: number) =>
    r < 0 || c < 0 || r >= size || c >= size ? 0 : (cells[r * size + c] as number);
  const upper = cell(i, j) * (1 - fx) + cell(i, j + 1) * fx;
  const lower = cell(i + 1, j) * (1 - fx) + cell(i + 1, j + 1) * fx;
  return Math.round(upper * (1 - fy) + lower * fy);
}
