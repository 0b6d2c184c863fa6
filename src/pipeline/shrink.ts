import { at } from '../face/at';
import type { Pixels } from '../focus/crop';

export interface SmallPixels extends Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Reduces RGBA by an integer factor; each pixel is the mean of `factor` × `factor` pixels. Remaining columns and rows are cut off. */
export function shrink({ data, width, height }: Pixels, factor: number): SmallPixels {
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
