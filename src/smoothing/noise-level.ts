import { at, float64At } from '../face/at';
/** Estimates the ratio of the measured noise to the expected noise, because cameras and networks differ. */
export interface NoiseLevel {
  /** The ratio to `expected` (a standard deviation). Only sure measurements at a steady frame rate update it. */
  step(value: ArrayLike<number>, seconds: number, expected: number, sure: boolean): number;
  /** Moves the origin to `by`. */
  shift(by: ArrayLike<number>): void;
  reset(): void;
}

const LEAST = 0.5;
const MOST = 4;
/** The level is this quantile of the measurements: a low one, because motion only adds to the noise. */
const QUANTILE = 0.4;
/** This quantile of the magnitude of several Gaussian values, in standard deviations, approximately. */
const OF_DEVIATION = 0.85;
/** Change of the level's logarithm per measurement: for the first measurements, and later. */
const RATE = { first: 0.1, later: 0.04 } as const;
/** Number of first measurements. */
const FIRST = 45;
/** Variance of the third difference of white noise. */
const THIRD = 20;
/** Largest relative change of the frame interval at a steady frame rate. */
const EVEN = 0.25;

/** Uses third differences: almost 0 for a nodding head, 4.5 standard deviations for white noise. */
export function createNoiseLevel(length: number): NoiseLevel {
  /** The last three measurements, oldest first. */
  const [a, b, c] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)] as const;
  let known = 0;
  let pace = 0;
  let level = 1;
  let updates = 0;
  return {
    step(value, seconds, expected, sure) {
      const even = Math.abs(seconds - pace) < EVEN * seconds;
      pace = seconds;
      if (!sure || !even) known = 0;
      if (known >= 3) {
        let square = 0;
        for (let i = 0; i < length; i++) {
          const third = at(value, i) - 3 * float64At(c, i) + 3 * float64At(b, i) - float64At(a, i);
          square += third * third;
        }
        const deviation = Math.sqrt(square / (length * THIRD)) / OF_DEVIATION;
        const rate = updates < FIRST ? RATE.first : RATE.later;
        updates += 1;
        const step = rate * (deviation > level * expected ? 1 - QUANTILE : -QUANTILE);
        level = Math.min(MOST, Math.max(LEAST, level * Math.exp(step)));
      }
      a.set(b);
      b.set(c);
      for (let i = 0; i < length; i++) c[i] = at(value, i);
      known += 1;
      return level;
    },
    shift(by) {
      for (const values of [a, b, c]) {
        for (let i = 0; i < length; i++) values[i] = float64At(values, i) - at(by, i);
      }
    },
    reset() {
      known = 0;
      pace = 0;
      level = 1;
      updates = 0;
    },
  };
}
