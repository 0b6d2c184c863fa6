import { CROP_SIZE, cropToFrame } from '../face/crop-transform';
import type { Crop } from '../face/types';

/** RGBA, row by row. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

const PLANE = CROP_SIZE * CROP_SIZE;
/** More samples a side than this are not taken; a crop so large keeps a little aliasing. */
const MOST_SAMPLES = 8;

/** How many samples a side make one crop pixel, so that a large face is not aliased. */
export function samplesPerSide(side: number): number {
  return Math.min(MOST_SAMPLES, Math.max(1, Math.floor(side / CROP_SIZE + 0.2)));
}

/**
 * The network's input: 3 × 192 × 192 into `out`, RGB in 0 to 1, one plane after the other. Bilinear, the frame's border
 * repeated; from two frame pixels a crop pixel on, the mean of n × n bilinear samples.
 */
export function resampleCrop(pixels: Pixels, crop: Crop, out: Float32Array): Float32Array {
  const { a, b, x0, y0 } = cropToFrame(crop);
  const n = samplesPerSide(crop.side);
  if (n > 1) out.fill(0);
  const gain = 1 / (255 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const u = (j + 0.5) / n - 0.5;
      const v = (i + 0.5) / n - 0.5;
      addSamples(pixels, a, b, x0 + a * u - b * v, y0 + b * u + a * v, gain, n > 1, out);
    }
  }
  return out;
}

/** One bilinear sample for each crop pixel, times `gain`, set or added to `out`. */
function addSamples(
  { data, width, height }: Pixels,
  a: number,
  b: number,
  x0: number,
  y0: number,
  gain: number,
  adding: boolean,
  out: Float32Array,
): void {
  const right = width - 1;
  const bottom = height - 1;
  let o = 0;
  for (let row = 0; row < CROP_SIZE; row++) {
    let x = x0 - b * row;
    let y = y0 + a * row;
    for (let column = 0; column < CROP_SIZE; column++, o++) {
      const cx = x < 0 ? 0 : Math.min(x, right);
      const cy = y < 0 ? 0 : Math.min(y, bottom);
      x += a;
      y += b;
      const ix = cx | 0;
      const iy = cy | 0;
      const fx = cx - ix;
      const fy = cy - iy;
      const p = (iy * width + ix) * 4;
      const q = ix < right ? p + 4 : p;
      const down = iy < bottom ? width * 4 : 0;
      const w11 = fx * fy * gain;
      const w10 = fy * gain - w11;
      const w01 = fx * gain - w11;
      const w00 = gain - w01 - w10 - w11;
      const r =
        (data[p] as number) * w00 +
        (data[q] as number) * w01 +
        (data[p + down] as number) * w10 +
        (data[q + down] as number) * w11;
      const g =
        (data[p + 1] as number) * w00 +
        (data[q + 1] as number) * w01 +
        (data[p + down + 1] as number) * w10 +
        (data[q + down + 1] as number) * w11;
      const bl =
        (data[p + 2] as number) * w00 +
        (data[q + 2] as number) * w01 +
        (data[p + down + 2] as number) * w10 +
        (data[q + down + 2] as number) * w11;
      if (adding) {
        out[o] = (out[o] as number) + r;
        out[o + PLANE] = (out[o + PLANE] as number) + g;
        out[o + 2 * PLANE] = (out[o + 2 * PLANE] as number) + bl;
      } else {
        out[o] = r;
        out[o + PLANE] = g;
        out[o + 2 * PLANE] = bl;
      }
    }
  }
}
