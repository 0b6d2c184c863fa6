import type { Size } from '../view/view';

/** Maximum side of a frame's texture; every GPU supports it. */
const LONGEST = 4096;

/** The size of a frame on a GPU with textures up to `most`: its own, or smaller with the same aspect ratio. */
export function textureSize({ width, height }: Size, most: number): Size {
  const shrink = Math.min(LONGEST, most) / Math.max(width, height);
  if (shrink >= 1) return { width, height };
  const side = (length: number) => Math.max(1, Math.round(length * shrink));
  return { width: side(width), height: side(height) };
}
