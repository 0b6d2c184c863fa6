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
export function touchesBorder(mask: FaceMask): boolean {
  const { width, height } = mask;
  return hasOccluder(mask, (x, y) => Math.min(x, y, width - 1 - x, height - 1 - y) < BORDER);
}

/** Whether a wide pass shows an occluder outside of the crop's own mask. */
export function hasOuterOccluder({ mask }: WidePass): boolean {
  const { width, height } = mask;
  const inner = (0.5 * width) / WIDE;
  const isOuter = (i: number, size: number) => Math.abs(i + 0.5 - size / 2) > inner;
  return hasOccluder(mask, (x, y) => isOuter(x, width) || isOuter(y, height));
}

/** Whether there is an occluder that is not own in some of the cells that count. */
function hasOccluder({ occluder, own, width }: FaceMask, counts: (x: number, y: number) => boolean): boolean {
  let found = 0;
  for (let i = 0; i < occluder.length && found < LEAST; i++) {
    const isOccluder = byteAt(occluder, i) > HIGH && byteAt(own, i) <= HIGH;
    if (isOccluder && counts(i % width, Math.floor(i / width))) found += 1;
  }
  return found >= LEAST;
}

/**
 * The crop's mask surrounded by a wide pass, which may be of another crop: it is resampled to the cells of this one, and
 * blended in over the outer cells of the crop's mask. Outside of the wide pass nothing is marked.
 */
export function joinMasks(inner: FaceMask, crop: Crop, { mask, square }: WidePass): FaceMask {
  const joined = padMask(inner, false);
  const cells = cropToFrame(wideSquare(crop), WIDE_SIZE);
  const pass = frameToCrop(square, mask.width);
  for (let row = 0, i = 0; row < WIDE_SIZE; row++) {
    for (let column = 0; column < WIDE_SIZE; column++, i++) {
      const share = innerShare(row, column);
      if (share === 1) continue;
      const x = cells.x0 + cells.a * column - cells.b * row;
      const y = cells.y0 + cells.b * column + cells.a * row;
      const place = placeIn(mask.width, pass.x0 + pass.a * x - pass.b * y, pass.y0 + pass.b * x + pass.a * y);
      blendCell(joined.occluder, i, share, mask.occluder, place);
      blendCell(joined.skin, i, share, mask.skin, place);
      blendCell(joined.own, i, share, mask.own, place);
    }
  }
  return joined;
}

/** Blends a cell with the wide pass; `share` of the cell remains. */
function blendCell(to: Uint8Array, i: number, share: number, cells: Uint8Array, place: Place | null): void {
  const around = place ? sampled(cells, place) : 0;
  // Rounded to the nearest integer by the array's own truncation.
  to[i] = around + share * (byteAt(to, i) - around) + 0.5;
}

/** Share of the crop's own mask in a cell of a wide mask: 0 outside of the crop, rising to 1 within the seam. */
function innerShare(row: number, column: number): number {
  const vertical = row < WIDE_SIZE / 2 ? row : WIDE_SIZE - 1 - row;
  const horizontal = column < WIDE_SIZE / 2 ? column : WIDE_SIZE - 1 - column;
  const fromBorder = Math.min(vertical, horizontal) - RING;
  if (fromBorder < 0) return 0;
  return fromBorder >= SEAM ? 1 : (fromBorder + 0.5) / SEAM;
}

/** The crop's mask with its border continued outwards, or with nothing around it. */
export function padMask(inner: FaceMask, continued: boolean): FaceMask {
  const padded = (cells: Uint8Array) => {
    const out = new Uint8Array(WIDE_SIZE * WIDE_SIZE);
    for (let row = 0; row < WIDE_SIZE; row++) {
      const from = Math.min(MASK_SIZE - 1, Math.max(0, row - RING)) * MASK_SIZE;
      if (from !== (row - RING) * MASK_SIZE && !continued) continue;
      const start = row * WIDE_SIZE;
      out.set(cells.subarray(from, from + MASK_SIZE), start + RING);
      if (!continued) continue;
      out.fill(byteAt(cells, from), start, start + RING);
      out.fill(byteAt(cells, from + MASK_SIZE - 1), start + RING + MASK_SIZE, start + WIDE_SIZE);
    }
    return out;
  };
  return {
    width: WIDE_SIZE,
    height: WIDE_SIZE,
    extent: WIDE,
    occluder: padded(inner.occluder),
    skin: padded(inner.skin),
    own: padded(inner.own),
  };
}

/** A place between four cells: the index of the upper left one, steps to its neighbours, and the position between them. */
interface Place {
  readonly first: number;
  readonly right: number;
  readonly down: number;
  readonly x: number;
  readonly y: number;
}

/** Null outside of the cells; at their border, the border is repeated. */
function placeIn(size: number, column: number, row: number): Place | null {
  if (!(column > -1 && row > -1 && column < size && row < size)) return null;
  const j = Math.max(0, Math.floor(column));
  const i = Math.max(0, Math.floor(row));
  return {
    first: i * size + j,
    right: j + 1 < size ? 1 : 0,
    down: i + 1 < size ? size : 0,
    x: Math.max(0, column - j),
    y: Math.max(0, row - i),
  };
}

/** Bilinear. */
function sampled(cells: Uint8Array, { first, right, down, x, y }: Place): number {
  const upper = byteAt(cells, first) * (1 - x) + byteAt(cells, first + right) * x;
  const lower = byteAt(cells, first + down) * (1 - x) + byteAt(cells, first + down + right) * x;
  return upper * (1 - y) + lower * y;
}
