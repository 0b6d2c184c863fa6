import type { Size } from '../view/view';

/** Longest side of a frame's texture: enough for any screen, and every GPU has it. */
const LONGEST = 4096;

/** The size at which a frame is kept on the GPU, whose longest side is `most`: its own, or smaller in the same shape. */
export function textureSize({ width, height }: Size, most: number): Size {
  const shrink = Math.min(LONGEST, most) / Math.max(width, height);
  if (shrink >= 1) return { width, height };
  const side = (length: number) => Math.max(1, Math.round(length * shrink));
  return { width: side(width), height: side(height) };
}
