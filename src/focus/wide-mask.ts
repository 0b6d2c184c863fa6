import { byteAt } from '../face/at';
import { cropToFrame, frameToCrop, maskSquare } from '../face/crop-transform';
import type { Crop, FaceMask } from '../face/types';
import { MASK_SIZE } from './network-output';

/** Side of a wide mask in sides of the crop. */
export const WIDE = 1.5;

/** Cells of a wide mask per side, and cells around the crop's own mask. The cells of both masks coincide. */
const WIDE_SIZE = WIDE * MASK_SIZE;
const RING = (WIDE_SIZE - MASK_SIZE) / 2;
/**
 * Width in cells of the outer part of the crop's mask that is blended with the wide mask. It lies beyond the face, which
 * begins 16 cells from the border. Hands there are masked better in the wide pass, which shows more of them.
 */
const SEAM = 12;
/** Of 255; at least so many cells above it are an occluder. */
const HIGH = 127;
const LEAST = 3;
/** Width in cells of the border at which an occluder counts as cut off. */
const BORDER = 3;

type Channel = 'occluder' | 'skin' | 'own';

/** The network's mask of a wide crop. */
export interface WidePass {
  /** Covers `square`: its extent is 1. */
  readonly mask: FaceMask;
  readonly square: Crop;
}

/** The wide crop around a crop: the same centre and angle. */
export function wideSquare(crop: Crop): Crop {
  return maskSquare(crop, { extent: WIDE });
}

/** Whether an occluder reaches the border of the crop's mask. */
export function touchesBorder({ occluder, width, height }: FaceMask): boolean {
  return isMarked(occluder, width, (x, y) => Math.min(x, y, width - 1 - x, height - 1 - y) < BORDER);
}

/** Whether a wide pass shows an occluder outside of the crop's own mask. */
export function hasOuterOccluder({ mask: { occluder, width, height } }: WidePass): boolean {
  const inner = (0.5 * width) / WIDE;
  const isOuter = (i: number, size: number) => Math.abs(i + 0.5 - size / 2) > inner;
  return isMarked(occluder, width, (x, y) => isOuter(x, width) || isOuter(y, height));
}

function isMarked(occluder: Uint8Array, width: number, counts: (x: number, y: number) => boolean): boolean {
  let found = 0;
  for (let i = 0; i < occluder.length; i++) {
    if (byteAt(occluder, i) > HIGH && counts(i % width, Math.floor(i / width))) found += 1;
  }
  return found >= LEAST;
}

/**
 * The crop's mask surrounded by a wide pass, which may be of another crop: it is resampled to the cells of this one, and
 * blended in over the outer cells of the crop's mask. Outside of the wide pass nothing is marked.
 */
export function joinMasks(inner: FaceMask, crop: Crop, { mask, square }: WidePass): FaceMask {
  const cells = cropToFrame(wideSquare(crop), WIDE_SIZE);
  const pass = frameToCrop(square, mask.width);
  return wideMask(inner, (channel, row, column, own) => {
    const fromBorder = Math.min(row, column, WIDE_SIZE - 1 - row, WIDE_SIZE - 1 - column) - RING;
    if (fromBorder >= SEAM) return own;
    const x = cells.x0 + cells.a * column - cells.b * row;
    const y = cells.y0 + cells.b * column + cells.a * row;
    const u = pass.x0 + pass.a * x - pass.b * y;
    const v = pass.y0 + pass.b * x + pass.a * y;
    const around = sampled(mask[channel], mask.width, u, v);
    return own < 0 ? around : Math.round(around + ((own - around) * (fromBorder + 0.5)) / SEAM);
  });
}

/** The crop's mask with its border continued outwards, or with nothing around it. */
export function padMask(inner: FaceMask, continued: boolean): FaceMask {
  const last = MASK_SIZE - 1;
  const inside = (i: number) => Math.min(last, Math.max(0, i - RING));
  return wideMask(inner, (channel, row, column, own) => {
    if (own >= 0) return own;
    return continued ? byteAt(inner[channel], inside(row) * MASK_SIZE + inside(column)) : 0;
  });
}

/** A wide mask from the value of each cell; `own` is the value in the crop's mask, below 0 outside of it. */
function wideMask(
  inner: FaceMask,
  cellValue: (channel: Channel, row: number, column: number, own: number) => number,
): FaceMask {
  const filled = (channel: Channel) => {
    const out = new Uint8Array(WIDE_SIZE * WIDE_SIZE);
    const from = inner[channel];
    for (let row = 0, i = 0; row < WIDE_SIZE; row++) {
      const y = row - RING;
      for (let column = 0; column < WIDE_SIZE; column++, i++) {
        const x = column - RING;
        const isInner = x >= 0 && y >= 0 && x < MASK_SIZE && y < MASK_SIZE;
        out[i] = cellValue(channel, row, column, isInner ? byteAt(from, y * MASK_SIZE + x) : -1);
      }
    }
    return out;
  };
  return {
    width: WIDE_SIZE,
    height: WIDE_SIZE,
    extent: WIDE,
    occluder: filled('occluder'),
    skin: filled('skin'),
    own: filled('own'),
  };
}

/** Bilinear; 0 outside of the cells. */
function sampled(cells: Uint8Array, size: number, column: number, row: number): number {
  if (!(column > -1 && row > -1 && column < size && row < size)) return 0;
  const inside = (i: number) => Math.min(size - 1, Math.max(0, i));
  const j = Math.floor(column);
  const i = Math.floor(row);
  const at = (r: number, c: number) => byteAt(cells, inside(r) * size + inside(c));
  const upper = at(i, j) + (column - j) * (at(i, j + 1) - at(i, j));
  const lower = at(i + 1, j) + (column - j) * (at(i + 1, j + 1) - at(i + 1, j));
  return Math.round(upper + (row - i) * (lower - upper));
}
