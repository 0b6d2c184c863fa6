import { byteAt } from '../../face/at';
import type { FrontMask } from './front-mask';

/** A rectangle of a mask's square, relative to its side. */
export interface MaskPart {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Distance in cells of the compared values, and the difference (of 255) that makes an outline; as in mask-fit. */
const NEAR = 2;
const FAINT = 0.2 * 255;

/** The rectangle of all outlines of the mask and `margin` cells around; null without outlines. */
export function outlinePart({ front, width, height }: FrontMask, margin: number): MaskPart | null {
  const { lows, highs } = extremesOfRows(front, width);
  return boxOf(width, height, margin, (x, y) => {
    const above = Math.max(0, y - NEAR) * width + x;
    const here = y * width + x;
    const below = Math.min(height - 1, y + NEAR) * width + x;
    const low = Math.min(byteAt(lows, above), byteAt(lows, here), byteAt(lows, below));
    return Math.max(byteAt(highs, above), byteAt(highs, here), byteAt(highs, below)) - low >= FAINT;
  });
}

/** The rectangle in which the mask exceeds `least` (of 255) and `margin` cells around; null for none. */
export function coveredPart({ front, width, height }: FrontMask, least: number, margin: number): MaskPart | null {
  return boxOf(width, height, margin, (x, y) => byteAt(front, y * width + x) > least);
}

/** The smallest rectangle that contains both. */
export function union(a: MaskPart, b: MaskPart): MaskPart {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The rectangle enlarged by `by` on each side. */
export function widened({ left, top, right, bottom }: MaskPart, by: number): MaskPart {
  return {
    left: Math.max(0, left - by),
    top: Math.max(0, top - by),
    right: Math.min(1, right + by),
    bottom: Math.min(1, bottom + by),
  };
}

/** Minimum and maximum of each cell and the cells NEAR to its left and right. */
function extremesOfRows(mask: Uint8Array, width: number) {
  const lows = new Uint8Array(mask.length);
  const highs = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    const x = i % width;
    const left = byteAt(mask, i - Math.min(NEAR, x));
    const here = byteAt(mask, i);
    const right = byteAt(mask, i + Math.min(NEAR, width - 1 - x));
    lows[i] = Math.min(left, here, right);
    highs[i] = Math.max(left, here, right);
  }
  return { lows, highs };
}

/** The smallest rectangle of all `wanted` cells, and `margin` cells around. */
function boxOf(
  width: number,
  height: number,
  margin: number,
  wanted: (x: number, y: number) => boolean,
): MaskPart | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!wanted(x, y)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return null;
  return {
    left: Math.max(0, left - margin) / width,
    top: Math.max(0, top - margin) / height,
    right: Math.min(width, right + 1 + margin) / width,
    bottom: Math.min(height, bottom + 1 + margin) / height,
  };
}
