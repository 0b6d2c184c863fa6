import type { FaceMask } from '../../face/types';

/** A part of the crop, of 1. */
export interface MaskPart {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Cells between those that are compared, and the change of 255 among them that makes an outline: as in mask-fit. */
const NEAR = 2;
const FAINT = 0.2 * 255;

/** Where the occluder has outlines, and `margin` cells around; null without any. */
export function outlinePart({ occluder, width, height }: FaceMask, margin: number): MaskPart | null {
  const { lows, highs } = extremesOfRows(occluder, width);
  return boxOf(width, height, margin, (x, y) => {
    const above = Math.max(0, y - NEAR) * width + x;
    const here = y * width + x;
    const below = Math.min(height - 1, y + NEAR) * width + x;
    const low = Math.min(lows[above] ?? 0, lows[here] ?? 0, lows[below] ?? 0);
    return Math.max(highs[above] ?? 0, highs[here] ?? 0, highs[below] ?? 0) - low >= FAINT;
  });
}

/** Where the occluder is above `least` of 255, and `margin` cells around; null where it never is. */
export function coveredPart({ occluder, width, height }: FaceMask, least: number, margin: number): MaskPart | null {
  return boxOf(width, height, margin, (x, y) => (occluder[y * width + x] ?? 0) > least);
}

/** The smallest part that holds both. */
export function union(a: MaskPart, b: MaskPart): MaskPart {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** A part and `by`, of 1, around it. */
export function widened({ left, top, right, bottom }: MaskPart, by: number): MaskPart {
  return {
    left: Math.max(0, left - by),
    top: Math.max(0, top - by),
    right: Math.min(1, right + by),
    bottom: Math.min(1, bottom + by),
  };
}

/** Of each cell and those NEAR to its left and right. */
function extremesOfRows(mask: Uint8Array, width: number) {
  const lows = new Uint8Array(mask.length);
  const highs = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    const x = i % width;
    const left = mask[i - Math.min(NEAR, x)] ?? 0;
    const here = mask[i] ?? 0;
    const right = mask[i + Math.min(NEAR, width - 1 - x)] ?? 0;
    lows[i] = Math.min(left, here, right);
    highs[i] = Math.max(left, here, right);
  }
  return { lows, highs };
}

/** The smallest part with all cells that are wanted, and `margin` cells around. */
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
