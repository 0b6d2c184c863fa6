import type { Crop, FaceMask } from './types';

/** A crop's pixels and a frame's. The centre of the first pixel is (0, 0) in both. */

export const CROP_SIZE = 192;
/** The crop's centre in its own pixels. */
export const CROP_CENTRE = (CROP_SIZE - 1) / 2;
/** From crop pixels to frame pixels: x = a·u − b·v + x0, y = b·u + a·v + y0. */
export interface CropTransform {
  readonly a: number;
  readonly b: number;
  readonly x0: number;
  readonly y0: number;
}

/** `size`: pixels per side of the crop; other than CROP_SIZE for a grid of cells. */
export function cropToFrame(crop: Crop, size = CROP_SIZE): CropTransform {
  const scale = crop.side / size;
  const centre = (size - 1) / 2;
  const a = scale * Math.cos(crop.angle);
  const b = scale * Math.sin(crop.angle);
  return {
    a,
    b,
    x0: crop.centreX - centre * (a - b),
    y0: crop.centreY - centre * (a + b),
  };
}

/** From frame pixels to crop pixels, in the same form. */
export function frameToCrop(crop: Crop, size = CROP_SIZE): CropTransform {
  const { a, b, x0, y0 } = cropToFrame(crop, size);
  const square = a * a + b * b;
  const c = a / square;
  const s = -b / square;
  return { a: c, b: s, x0: -(c * x0 - s * y0), y0: -(s * x0 + c * y0) };
}

/** The square that a mask covers. With the mask's width as `size`, the transforms above convert to its cells. */
export function maskSquare(crop: Crop, { extent }: Pick<FaceMask, 'extent'>): Crop {
  return { ...crop, side: extent * crop.side };
}
