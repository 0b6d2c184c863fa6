import { CROP_SIZE, cropToFrame } from '../face/crop-transform';
import type { Crop, FaceMask } from '../face/types';
import { guidedFilter } from './guided-filter';
import type { Occluder } from './occluder-in-frame';

/** RGBA, row by row. */
export interface Picture {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

const SIDE = CROP_SIZE;
/** Twice, so that what the network has wrong by several pixels goes where the colours say. */
const TIMES = 2;
const FILTER = { radius: 8, epsilon: 2e-4 };
/**
 * Where the edge lies, of 0 to 1, before it is moved to the middle: IoU is largest not at an even chance but at half the
 * IoU that is reached (Lipton, Elkan and Naryanaswamy 2014), and the filter takes something off thin things. Chosen on the
 * development sets: docs/decisions/0004-edge-of-masks.md.
 */
const EDGE = 0.455;
/** Samples a side of a crop pixel, at most. */
const MOST_SAMPLES = 4;

/**
 * The occluder of a mask with edges where the picture has them, on a grid of 192 × 192 bytes; its own cells where the
 * network saw next to nothing in front. For pictures by themselves, on the processor: live frames are sharpened by
 * `src/render/occluder/mask-sharpener.ts`.
 */
export function sharpenOccluder(mask: FaceMask, crop: Crop, picture: Picture): Occluder {
  if (!mask.occluder.some((value) => value > 32)) return mask;
  const guide = cutCrop(picture, crop);
  let values = enlarge(mask);
  for (let time = 0; time < TIMES; time++) {
    values = guidedFilter(guide, values, SIDE, FILTER).map((value) => Math.min(1, Math.max(0, value)));
  }
  return {
    width: SIDE,
    height: SIDE,
    occluder: Uint8Array.from(values, (value) => Math.round(255 * evened(value))),
  };
}

/** 0, EDGE and 1 to 0, a half and 1. */
function evened(value: number): number {
  return value < EDGE ? (0.5 * value) / EDGE : 0.5 + (0.5 * (value - EDGE)) / (1 - EDGE);
}

/** The crop's colours, three planes of 192 × 192 in 0 to 1; the picture's border goes on. */
function cutCrop({ data, width, height }: Picture, crop: Crop): Float32Array[] {
  const { a, b, x0, y0 } = cropToFrame(crop);
  const n = Math.min(MOST_SAMPLES, Math.max(1, Math.round(crop.side / SIDE)));
  const planes = [0, 1, 2].map(() => new Float32Array(SIDE * SIDE));
  const clamp = (value: number, most: number) => Math.min(most - 1, Math.max(0, Math.round(value)));
  for (let i = 0; i < SIDE * SIDE; i++) {
    for (let sample = 0; sample < n * n; sample++) {
      const u = (i % SIDE) + ((sample % n) + 0.5) / n - 0.5;
      const v = Math.floor(i / SIDE) + (Math.floor(sample / n) + 0.5) / n - 0.5;
      const x = clamp(x0 + a * u - b * v, width);
      const y = clamp(y0 + b * u + a * v, height);
      planes.forEach((plane, channel) => {
        plane[i] = (plane[i] as number) + (data[4 * (y * width + x) + channel] as number) / (255 * n * n);
      });
    }
  }
  return planes;
}

/** The occluder's cells, bilinear, at each crop pixel, 0 to 1. */
function enlarge({ occluder, width }: FaceMask): Float32Array {
  const cell = SIDE / width;
  const out = new Float32Array(SIDE * SIDE);
  const inside = (value: number) => Math.min(width - 1, Math.max(0, value));
  for (let row = 0; row < SIDE; row++) {
    const y = inside((row + 0.5) / cell - 0.5);
    const i = Math.min(width - 2, Math.floor(y));
    for (let column = 0; column < SIDE; column++) {
      const x = inside((column + 0.5) / cell - 0.5);
      const j = Math.min(width - 2, Math.floor(x));
      const at = (r: number, c: number) => occluder[r * width + c] as number;
      const upper = at(i, j) + (x - j) * (at(i, j + 1) - at(i, j));
      const lower = at(i + 1, j) + (x - j) * (at(i + 1, j + 1) - at(i + 1, j));
      out[row * SIDE + column] = (upper + (y - i) * (lower - upper)) / 255;
    }
  }
  return out;
}
