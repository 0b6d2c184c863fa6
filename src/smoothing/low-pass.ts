import { at, float64At } from '../face/at';
import type { Seconds } from '../face/types';
import { elapsed, lowPassWeight } from './one-euro';

export interface WeightedFilter {
  /** `trust`, 0 to 1, scales the weight of the value. Throws RangeError unless `time` is later than the last one. */
  step(value: ArrayLike<number>, time: Seconds, trust?: number): Float32Array;
  reset(): void;
}

/** First-order low-pass filter with a cutoff in Hz on each value of a vector. The first vector has full weight. */
export function createLowPass(length: number, cutoff: number): WeightedFilter {
  const smooth = new Float64Array(length);
  let last: Seconds | undefined;
  return {
    step(value, time, trust = 1) {
      const weight = last === undefined ? 1 : trust * lowPassWeight(cutoff, elapsed(last, time));
      for (let i = 0; i < length; i++) {
        const before = last === undefined ? 0 : float64At(smooth, i);
        smooth[i] = before + weight * (at(value, i) - before);
      }
      last = time;
      return Float32Array.from(smooth);
    },
    reset() {
      last = undefined;
    },
  };
}
