import { at } from '../../src/face/at';
import { type Canvas, SAMPLES } from './canvas';
import { createRandom, type Random } from './random';

/** RGBA, row by row. */
export interface Picture {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** Coverage of each pixel × 255: the share of samples accepted by nearest label and by all labels at the sample. */
export function coverage(canvas: Canvas, counts: (label: number, touched: number) => boolean): Uint8Array {
  const width = canvas.width / SAMPLES;
  const height = canvas.height / SAMPLES;
  const table = Uint8Array.from({ length: LABELS * 256 }, (_, i) => (counts(i >> 8, i & 255) ? 1 : 0));
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < SAMPLES * SAMPLES; k++) {
        const i = sampleIndex(canvas.width, x, y, k);
        sum += at(table, (at(canvas.label, i) << 8) | at(canvas.touched, i));
      }
      out[y * width + x] = at(SHARES, sum);
    }
  }
  return out;
}

/** Labels 0 to 8. */
const LABELS = 9;
const SHARES = Uint8Array.from({ length: SAMPLES * SAMPLES + 1 }, (_, i) => Math.round((255 * i) / SAMPLES ** 2));

function sampleIndex(canvasWidth: number, x: number, y: number, k: number): number {
  return (y * SAMPLES + Math.floor(k / SAMPLES)) * canvasWidth + x * SAMPLES + (k % SAMPLES);
}

/** Table from linear light to pixel values 0 to 255 (gamma 2.2). */
const STEPS = 4096;
const CURVE = Float32Array.from({ length: STEPS + 1 }, (_, i) => 255 * (i / STEPS) ** (1 / 2.2));

/** A camera sensor with noise; deterministic per seed. */
export interface Sensor {
  /** `shadow` (width × height, 0 to 1) darkens samples with labels up to `shaded`. */
  expose(canvas: Canvas, background: Float32Array, shadow: Float32Array, shaded: number): Picture;
}

/** Size of the noise table, which every row reads from another offset. */
const NOISE = 65_536;

/** `noise`: standard deviation in steps of 255. */
export function createSensor(seed: number, noise: number): Sensor {
  const random = createRandom(seed ^ 0x5e450);
  const table = Float32Array.from({ length: NOISE }, () => noise * random.normal());
  return {
    expose(canvas, background, shadow, shaded) {
      const width = canvas.width / SAMPLES;
      const height = canvas.height / SAMPLES;
      const data = new Uint8ClampedArray(4 * width * height);
      const rgb = new Float32Array(3);
      for (let y = 0; y < height; y++) {
        let grain = startOf(random);
        for (let x = 0; x < width; x++) {
          const pixel = y * width + x;
          average(canvas, x, y, background, pixel, 1 - at(shadow, pixel), shaded, rgb);
          for (let k = 0; k < 3; k++) {
            const value = at(CURVE, Math.min(STEPS, Math.round(at(rgb, k) * STEPS)));
            data[4 * pixel + k] = value + at(table, grain++ & (NOISE - 1));
          }
          data[4 * pixel + 3] = 255;
        }
      }
      return { data, width, height };
    },
  };
}

function startOf(random: Random): number {
  return Math.floor(random.between(0, NOISE));
}

/** The mean light of a pixel's samples. */
function average(
  canvas: Canvas,
  x: number,
  y: number,
  background: Float32Array,
  pixel: number,
  lit: number,
  shaded: number,
  out: Float32Array,
): void {
  out.fill(0);
  for (let k = 0; k < SAMPLES * SAMPLES; k++) {
    const i = sampleIndex(canvas.width, x, y, k);
    const label = at(canvas.label, i);
    const source = label === 0 ? background : canvas.colour;
    const from = 3 * (label === 0 ? pixel : i);
    const weight = (label > 0 && label <= shaded ? lit : 1) / (SAMPLES * SAMPLES);
    for (let c = 0; c < 3; c++) out[c] = at(out, c) + weight * at(source, from + c);
  }
}

/** Share of the light that a shadow removes. */
const SHADOW = 0.5;

/** Contact shadow of the object in `mask` (0 to 255): shifted down and blurred over `reach` pixels. */
export function contactShadow(mask: Uint8Array, width: number, height: number, reach: number): Float32Array {
  const shadow = new Float32Array(mask);
  if (!shadow.some((value) => value > 0)) return shadow;
  for (let i = 0; i < shadow.length; i++) shadow[i] = (SHADOW * at(shadow, i)) / 255;
  blurRows(shadow, width, height, reach, 1, width);
  blurRows(shadow, height, width, reach, width, 1);
  const drop = Math.round(reach / 2) * width;
  shadow.copyWithin(drop, 0, shadow.length - drop);
  return shadow.fill(0, 0, drop);
}

/** Box blur along lines of `length` values `step` apart; lines start `next` apart. */
function blurRows(
  values: Float32Array,
  length: number,
  lines: number,
  reach: number,
  step: number,
  next: number,
): void {
  const line = new Float32Array(length);
  for (let l = 0; l < lines; l++) {
    let sum = 0;
    for (let i = 0; i < length; i++) line[i] = at(values, l * next + i * step);
    for (let i = -reach; i < length; i++) {
      sum += i + reach < length ? at(line, i + reach) : 0;
      if (i - reach - 1 >= 0) sum -= at(line, i - reach - 1);
      if (i >= 0) values[l * next + i * step] = Math.max(0, sum) / (2 * reach + 1);
    }
  }
}
