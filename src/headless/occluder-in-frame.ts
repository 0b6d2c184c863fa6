import { byteAt } from '../face/at';
import { CROP_SIZE, cropToFrame, frameToCrop, maskSquare } from '../face/crop-transform';
import type { Crop, FaceMask } from '../face/types';

/** The occluder part of a mask. */
export type Occluder = Pick<FaceMask, 'width' | 'height' | 'extent' | 'occluder'>;

/** The part of the frame that the crop can cover: [left, right) × [top, bottom). */
function bounds(crop: Crop, width: number, height: number) {
  const { a, b } = cropToFrame(crop);
  const reach = (CROP_SIZE / 2 + 1) * (Math.abs(a) + Math.abs(b));
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    left: clamp(Math.floor(crop.centreX - reach), width),
    right: clamp(Math.ceil(crop.centreX + reach) + 1, width),
    top: clamp(Math.floor(crop.centreY - reach), height),
    bottom: clamp(Math.ceil(crop.centreY + reach) + 1, height),
  };
}

/**
 * Draws the occluder into `out`, width × height bytes: interpolated between the centres of the cells, fading to 0 over
 * one cell at the border. `out` keeps the larger of its value and the new one, so that several faces form a union; fill
 * it with 0 before the first. Returns `out`.
 */
export function occluderInFrame(
  mask: Occluder,
  crop: Crop,
  width: number,
  height: number,
  out: Uint8Array,
): Uint8Array {
  const square = maskSquare(crop, mask);
  const { a, b, x0, y0 } = frameToCrop(square, mask.width);
  const { left, right, top, bottom } = bounds(square, width, height);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const column = x0 + a * x - b * y;
      const row = y0 + b * x + a * y;
      const value = bilinear(mask.occluder, mask.width, column, row);
      const pixel = y * width + x;
      if (value > byteAt(out, pixel)) out[pixel] = value;
    }
  }
  return out;
}

/** The interpolated value; 0 outside the grid. */
function bilinear(cells: Uint8Array, size: number, column: number, row: number): number {
  if (!(column > -1 && row > -1 && column < size && row < size)) return 0;
  const j = Math.floor(column);
  const i = Math.floor(row);
  const fx = column - j;
  const fy = row - i;
  const cell = (r: number, c: number) => (r < 0 || c < 0 || r >= size || c >= size ? 0 : byteAt(cells, r * size + c));
  const upper = cell(i, j) * (1 - fx) + cell(i, j + 1) * fx;
  const lower = cell(i + 1, j) * (1 - fx) + cell(i + 1, j + 1) * fx;
  return Math.round(upper * (1 - fy) + lower * fy);
}
