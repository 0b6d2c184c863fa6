import { clampedByteAt, float32At, float64At } from '../face/at';
import { CROP_SIZE, cropToFrame } from '../face/crop-transform';
import type { Crop } from '../face/types';

/** RGBA, row by row. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const PLANE = CROP_SIZE * CROP_SIZE;
/** Maximum number of samples per side; larger crops keep a little aliasing. */
const MOST_SAMPLES = 8;

/** Samples per side of one crop pixel, so that a large face is not aliased. */
export function samplesPerSide(side: number): number {
  return Math.min(MOST_SAMPLES, Math.max(1, Math.floor(side / CROP_SIZE + 0.2)));
}

/**
 * The network's input: 3 × 192 × 192 into `out`, RGB from 0 to 1, planar. Bilinear; outside the frame the border pixel
 * repeats. Where a crop pixel is large (`samplesPerSide`), the mean of n × n bilinear samples.
 */
export function resampleCrop(pixels: Pixels, crop: Crop, out: Float32Array): Float32Array {
  const { a, b, x0, y0 } = cropToFrame(crop);
  const n = samplesPerSide(crop.side);
  // Numbers that a call passes in an array are not boxed; this loop runs 192 times or more.
  const line = Float64Array.of(0, 0, a, b, 1 / (255 * n * n));
  out.fill(0);
  for (let row = 0; row < CROP_SIZE; row++) {
    for (let sample = 0; sample < n * n; sample++) {
      const u = ((sample % n) + 0.5) / n - 0.5;
      const v = row + (Math.floor(sample / n) + 0.5) / n - 0.5;
      line[0] = x0 + a * u - b * v;
      line[1] = y0 + b * u + a * v;
      addRow(pixels, line, out, row * CROP_SIZE);
    }
  }
  return out;
}

/**
 * Adds one bilinear sample, times a gain, to each crop pixel of a row, from index `start` on. `line`: x, y, a, b, gain. The
 * first sample is at (x, y), each next one is offset by (a, b).
 */
function addRow({ data, width, height }: Pixels, line: Float64Array, out: Float32Array, start: number): void {
  let x = float64At(line, 0);
  let y = float64At(line, 1);
  const a = float64At(line, 2);
  const b = float64At(line, 3);
  const gain = float64At(line, 4);
  const right = width - 1;
  const bottom = height - 1;
  for (let o = start; o < start + CROP_SIZE; o++, x += a, y += b) {
    const cx = x < 0 ? 0 : Math.min(x, right);
    const cy = y < 0 ? 0 : Math.min(y, bottom);
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
    mix(data, p, q, down, w00, w01, w10, w11, out, o);
    mix(data, p + 1, q + 1, down, w00, w01, w10, w11, out, o + PLANE);
    mix(data, p + 2, q + 2, down, w00, w01, w10, w11, out, o + 2 * PLANE);
  }
}

/** Adds one channel of four weighted pixels: p, q to its right, and the two below. Small enough to be inlined. */
function mix(
  data: Pixels['data'],
  p: number,
  q: number,
  down: number,
  w00: number,
  w01: number,
  w10: number,
  w11: number,
  out: Float32Array,
  o: number,
): void {
  const upper = clampedByteAt(data, p) * w00 + clampedByteAt(data, q) * w01;
  const lower = clampedByteAt(data, p + down) * w10 + clampedByteAt(data, q + down) * w11;
  out[o] = float32At(out, o) + upper + lower;
}
