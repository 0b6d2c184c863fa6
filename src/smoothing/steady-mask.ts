import { byteAt, float64At } from '../face/at';
import { cropToFrame, frameToCrop, maskSquare } from '../face/crop-transform';
import type { Crop, FaceMask, Seconds } from '../face/types';
import { elapsed, lowPassWeight } from './one-euro';

/** Cutoff where little changes, Hz. */
const CUTOFF = 4;
/** A change of at least this many of 255 is taken over at once. */
const SURE = 110;

/** A mask and the crop that it belongs to. */
export interface PlacedMask {
  readonly mask: FaceMask;
  readonly crop: Crop;
}

export interface MaskSteadier {
  /**
   * The mask, smoothed with its previous ones, on the grid of its own crop. The result is overwritten by the next step but
   * one. Throws RangeError unless `time` is later than the last one.
   */
  step(placed: PlacedMask, time: Seconds): FaceMask;
  reset(): void;
}

/**
 * Smooths a mask lightly: small changes pass a low-pass filter, large ones (a hand that enters) pass unchanged. The previous
 * mask is moved onto the new crop first, so that a moving head does not smear it.
 */
export function createMaskSteadier(): MaskSteadier {
  const steps = new Float64Array(511);
  let spare: FaceMask | undefined;
  let next: FaceMask | undefined;
  let before: PlacedMask | undefined;
  let last: Seconds = 0;
  return {
    step({ mask, crop }, time) {
      let steady = mask;
      if (before) {
        setSteps(steps, lowPassWeight(CUTOFF, elapsed(last, time)));
        steady = blend(before, mask, crop, steps, fitting(next, mask));
        // The result stays the previous mask of the next step; the step after that writes over it.
        next = spare;
        spare = steady;
      }
      before = { mask: steady, crop };
      last = time;
      return steady;
    },
    reset() {
      before = undefined;
    },
  };
}

/** A mask of the same geometry to write into: the given one where it fits, else a new one. */
function fitting(mask: FaceMask | undefined, { width, height, extent }: FaceMask): FaceMask {
  if (mask?.width === width && mask.height === height && mask.extent === extent) return mask;
  const channel = () => new Uint8Array(width * height);
  return { width, height, extent, occluder: channel(), skin: channel(), own: channel() };
}

function blend(before: PlacedMask, mask: FaceMask, crop: Crop, steps: Float64Array, out: FaceMask): FaceMask {
  const { width, height } = mask;
  const old = before.mask;
  const move = cellMove({ mask, crop }, before);
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const x = move.x0 + move.a * column - move.b * row;
      const y = move.y0 + move.b * column + move.a * row;
      // Nearest cell: from one frame to the next a crop moves by a fraction of a cell.
      const c = Math.round(x);
      const r = Math.round(y);
      const known = c >= 0 && r >= 0 && c < old.width && r < old.height;
      const from = r * old.width + c;
      out.occluder[i] = mix(known ? byteAt(old.occluder, from) : -1, byteAt(mask.occluder, i), steps);
      out.skin[i] = mix(known ? byteAt(old.skin, from) : -1, byteAt(mask.skin, i), steps);
      out.own[i] = mix(known ? byteAt(old.own, from) : -1, byteAt(mask.own, i), steps);
    }
  }
  return out;
}

/** For each difference from -255 to 255 (at index difference + 255) the change that is applied. */
function setSteps(steps: Float64Array, weight: number): void {
  for (let i = 0; i < steps.length; i++) {
    const change = i - 255;
    steps[i] = change * Math.max(weight, Math.min(1, Math.abs(change) / SURE));
  }
}

/** `before` below 0: the previous mask does not cover the cell. */
function mix(before: number, now: number, steps: Float64Array): number {
  return before < 0 ? now : Math.round(before + float64At(steps, now - before + 255));
}

/** Transform from the cells of one mask to those of another. */
function cellMove(from: PlacedMask, to: PlacedMask) {
  const f = cropToFrame(maskSquare(from.crop, from.mask), from.mask.width);
  const t = frameToCrop(maskSquare(to.crop, to.mask), to.mask.width);
  const a = t.a * f.a - t.b * f.b;
  const b = t.b * f.a + t.a * f.b;
  return { a, b, x0: t.x0 + t.a * f.x0 - t.b * f.y0, y0: t.y0 + t.b * f.x0 + t.a * f.y0 };
}
