import { byteAt, clampedByteAt, float32At } from '../face/at';
import { cropToFrame, maskSquare } from '../face/crop-transform';
import type { Crop, FaceMask } from '../face/types';
import { type ColourPlanes, guidedFilter } from './guided-filter';
import type { Occluder } from './occluder-in-frame';

/** RGBA bytes, row by row. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the result per cell: one per pixel of the crop. */
const FINER = 2;
/** Passes of the filter. Two also correct errors of several pixels. */
const PASSES = 2;
const FILTER = { radius: 8, epsilon: 2e-4 };
/**
 * The threshold of the filtered values, 0 to 1, which becomes 0.5 in the output. The best threshold is not 0.5 but half
 * the F-score reached (Lipton, Elkan and Narayanaswamy 2014), and the filter weakens thin objects. Chosen on the
 * development sets: docs/decisions/0004-edge-of-masks.md.
 */
const EDGE = 0.455;
/** Most samples per crop pixel along each axis. */
const MOST_SAMPLES = 4;

/**
 * Moves the edges of a mask's occluder to edges of the picture. Returns two pixels per cell, or the mask itself where it
 * shows almost no occluder. This is the CPU version for files; `src/render/occluder/mask-sharpener.ts` sharpens live
 * frames.
 */
export function sharpenOccluder(mask: FaceMask, crop: Crop, picture: Picture): Occluder {
  if (!mask.occluder.some((value) => value > 32)) return mask;
  const side = FINER * mask.width;
  const guide = cutSquare(picture, maskSquare(crop, mask), side);
  let values = enlarge(mask);
  for (let pass = 0; pass < PASSES; pass++) {
    values = guidedFilter(guide, values, side, FILTER).map((value) => Math.min(1, Math.max(0, value)));
  }
  return {
    width: side,
    height: side,
    extent: mask.extent,
    occluder: Uint8Array.from(values, (value) => Math.round(255 * centreEdge(value))),
  };
}

/** Maps 0, EDGE and 1 to 0, 0.5 and 1, linearly between them. */
function centreEdge(value: number): number {
  return value < EDGE ? (0.5 * value) / EDGE : 0.5 + (0.5 * (value - EDGE)) / (1 - EDGE);
}

/** The colours of a square, side × side, 0 to 1. Beyond its border the picture is continued by its edge pixels. */
function cutSquare({ data, width, height }: Picture, square: Crop, side: number): ColourPlanes {
  const { a, b, x0, y0 } = cropToFrame(square, side);
  const n = Math.min(MOST_SAMPLES, Math.max(1, Math.round(square.side / side)));
  const plane = () => new Float32Array(side * side);
  const planes = [plane(), plane(), plane()] as const;
  const clamp = (value: number, most: number) => Math.min(most - 1, Math.max(0, Math.round(value)));
  for (let i = 0; i < side * side; i++) {
    for (let sample = 0; sample < n * n; sample++) {
      const u = (i % side) + ((sample % n) + 0.5) / n - 0.5;
      const v = Math.floor(i / side) + (Math.floor(sample / n) + 0.5) / n - 0.5;
      const x = clamp(x0 + a * u - b * v, width);
      const y = clamp(y0 + b * u + a * v, height);
      planes.forEach((plane, channel) => {
        plane[i] = float32At(plane, i) + clampedByteAt(data, 4 * (y * width + x) + channel) / (255 * n * n);
      });
    }
  }
  return planes;
}

/** The occluder at each pixel of the result, interpolated between cells, 0 to 1. */
function enlarge({ occluder, width }: FaceMask): Float32Array {
  const side = FINER * width;
  const out = new Float32Array(side * side);
  const inside = (value: number) => Math.min(width - 1, Math.max(0, value));
  for (let row = 0; row < side; row++) {
    const y = inside((row + 0.5) / FINER - 0.5);
    const i = Math.min(width - 2, Math.floor(y));
    for (let column = 0; column < side; column++) {
      const x = inside((column + 0.5) / FINER - 0.5);
      const j = Math.min(width - 2, Math.floor(x));
      const cellAt = (r: number, c: number) => byteAt(occluder, r * width + c);
      const upper = cellAt(i, j) + (x - j) * (cellAt(i, j + 1) - cellAt(i, j));
      const lower = cellAt(i + 1, j) + (x - j) * (cellAt(i + 1, j + 1) - cellAt(i + 1, j));
      out[row * side + column] = (upper + (y - i) * (lower - upper)) / 255;
    }
  }
  return out;
}
