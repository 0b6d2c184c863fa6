import { at, uint32At } from '../face/at';
import type { Pixels } from '../focus/crop';
import type { QuarterTurns } from './search/detection-areas';

export interface SmallPixels extends Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Reduces RGBA by an integer factor; each pixel is the mean of `factor` × `factor` pixels. Remaining columns and rows are
 * cut off. The factor is limited to the shorter side.
 */
export function shrink({ data, width, height }: Pixels, wanted: number): SmallPixels {
  const factor = Math.max(1, Math.min(wanted, width, height));
  const w = Math.floor(width / factor);
  const h = Math.floor(height / factor);
  const out = new Uint8ClampedArray(w * h * 4);
  const sums = new Uint32Array(w * 3);
  for (let y = 0; y < h; y++) {
    sums.fill(0);
    for (let row = y * factor; row < (y + 1) * factor; row++) addRow(data, row * width * 4, factor, sums);
    const area = factor * factor;
    for (let x = 0, to = y * w * 4; x < w; x++, to += 4) {
      for (let channel = 0; channel < 3; channel++) out[to + channel] = at(sums, 3 * x + channel) / area;
      out[to + 3] = 255;
    }
  }
  return { data: out, width: w, height: h };
}

function addRow(data: ArrayLike<number>, start: number, factor: number, sums: Uint32Array): void {
  let from = start;
  for (let to = 0; to < sums.length; to += 3) {
    for (let i = 0; i < factor; i++, from += 4) {
      sums[to] = at(sums, to) + at(data, from);
      sums[to + 1] = at(sums, to + 1) + at(data, from + 1);
      sums[to + 2] = at(sums, to + 2) + at(data, from + 2);
    }
  }
}

/** The picture turned counterclockwise by quarter turns; unturned, it is the same object. */
export function turnPixels(picture: SmallPixels, turns: QuarterTurns): SmallPixels {
  if (turns === 0) return picture;
  const [width, height] = turns === 2 ? [picture.width, picture.height] : [picture.height, picture.width];
  const from = new Uint32Array(picture.data.buffer);
  const out = new Uint32Array(from.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[y * width + x] = uint32At(from, sourceOf(x, y, turns, picture));
  }
  return { data: new Uint8ClampedArray(out.buffer), width, height };
}

/** Index of the pixel that comes to (x, y). */
function sourceOf(x: number, y: number, turns: QuarterTurns, { width, height }: SmallPixels): number {
  if (turns === 1) return x * width + (width - 1 - y);
  return turns === 2 ? (height - 1 - y) * width + (width - 1 - x) : (height - 1 - x) * width + y;
}
