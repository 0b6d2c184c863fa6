import type { Seconds } from '../face/types';
import { elapsed, lowPassWeight } from './one-euro';

export interface WeightedFilter {
  /** `trust`, 0 to 1, scales how much the new value counts. Throws RangeError where time is not later. */
  step(value: ArrayLike<number>, time: Seconds, trust?: number): Float32Array;
  reset(): void;
}

/** First-order low-pass of `cutoff` Hz on each number of a vector. */
export function createLowPass(length: number, cutoff: number): WeightedFilter {
  return createAverage(length, cutoff, () => 0);
}

/**
 * The mean of all values at first, later a low-pass of `cutoff` Hz: quick to know a person, slow to change its mind.
 * The first value counts whole, whatever its trust.
 */
export function createRunningMean(length: number, cutoff: number): WeightedFilter {
  return createAverage(length, cutoff, (seen) => 1 / seen);
}

function createAverage(length: number, cutoff: number, leastWeight: (seen: number) => number): WeightedFilter {
  const smooth = new Float64Array(length);
  let seen = 0;
  let last: Seconds = 0;
  return {
    step(value, time, trust = 1) {
      const weight =
        seen === 0 ? 1 : trust * Math.max(leastWeight(seen + 1), lowPassWeight(cutoff, elapsed(last, time)));
      for (let i = 0; i < length; i++) {
        const before = seen === 0 ? 0 : (smooth[i] as number);
        smooth[i] = before + weight * ((value[i] as number) - before);
      }
      seen += 1;
      last = time;
      return Float32Array.from(smooth);
    },
    reset() {
      seen = 0;
    },
  };
}
