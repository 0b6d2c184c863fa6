import { byteAt, float64At } from '../face/at';
import { cropToFrame, frameToCrop } from '../face/crop-transform';
import type { Crop, FaceMask, Seconds } from '../face/types';
import { elapsed, lowPassWeight } from './one-euro';

/** Hz: the cutoff where nothing changes. */
const CUTOFF = 4;
/** A change of this many of 255 or more is believed at once. */
const SURE = 110;

/** A mask and the crop whose grid it is on. */
export interface PlacedMask {
  readonly mask: FaceMask;
  readonly crop: Crop;
}

export interface MaskSteadier {
  /** The mask, calmed by the ones before; it stays on its own crop's grid. Throws where time is not later. */
  step(placed: PlacedMask, time: Seconds): FaceMask;
  reset(): void;
}

/**
 * Steady a mask lightly: small changes are low-passed, large ones (a hand that comes in) are let through. The mask before
 * is moved onto the new crop first, so that a moving head does not smear it.
 */
export function createMaskSteadier(): MaskSteadier {
  let before: PlacedMask | undefined;
  let last: Seconds = 0;
  return {
    step({ mask, crop }, time) {
      const weight = before ? lowPassWeight(CUTOFF, elapsed(last, time)) : 1;
      const steady = before ? blend(before, mask, crop, weight) : mask;
      before = { mask: steady, crop };
      last = time;
      return steady;
    },
    reset() {
      before = undefined;
    },
  };
}

function blend(before: PlacedMask, mask: FaceMask, crop: Crop, weight: number): FaceMask {
  const { width, height } = mask;
  const occluder = new Uint8Array(width * height);
  const skin = new Uint8Array(width * height);
  const move = cellMove(crop, before.crop);
  const steps = changes(weight);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const x = move.x0 + move.a * column - move.b * row;
      const y = move.y0 + move.b * column + move.a * row;
      // Nearest cell: between two frames a crop moves by a fraction of a cell.
      const c = Math.round(x);
      const r = Math.round(y);
      const known = c >= 0 && r >= 0 && c < width && r < height;
      const from = r * width + c;
      occluder[i] = mix(known ? byteAt(before.mask.occluder, from) : -1, byteAt(mask.occluder, i), steps);
      skin[i] = mix(known ? byteAt(before.mask.skin, from) : -1, byteAt(mask.skin, i), steps);
    }
  }
  return { width, height, occluder, skin };
}

/** How far a value goes for each change from -255 to 255 that is asked of it. */
function changes(weight: number): Float64Array {
  return Float64Array.from({ length: 511 }, (_, i) => {
    const change = i - 255;
    return change * Math.max(weight, Math.min(1, Math.abs(change) / SURE));
  });
}

/** `before` below 0: not known. */
function mix(before: number, now: number, steps: Float64Array): number {
  return before < 0 ? now : Math.round(before + float64At(steps, now - before + 255));
}

/** From cells of one crop to cells of another; a cell is two crop pixels, cell j's centre is at pixel 2j + 0.5. */
function cellMove(from: Crop, to: Crop) {
  const f = cropToFrame(from);
  const t = frameToCrop(to);
  const a = t.a * f.a - t.b * f.b;
  const b = t.b * f.a + t.a * f.b;
  const u = t.x0 + t.a * f.x0 - t.b * f.y0;
  const v = t.y0 + t.b * f.x0 + t.a * f.y0;
  return { a, b, x0: (u + 0.5 * (a - b) - 0.5) / 2, y0: (v + 0.5 * (a + b) - 0.5) / 2 };
}
