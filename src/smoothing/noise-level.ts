import { at, float64At } from '../face/at';
/** How noisy measurements are beside what was expected; learnt on the way, since cameras and networks differ. */
export interface NoiseLevel {
  /** The factor on `expected` (a standard deviation); only sure measurements at an even pace teach. */
  step(value: ArrayLike<number>, seconds: number, expected: number, sure: boolean): number;
  /** Moves the origin. */
  shift(by: ArrayLike<number>): void;
  reset(): void;
}

const LEAST = 0.5;
const MOST = 4;
/** The level is where this share of the measurements trembles less: motion, which only adds, is left out. */
const QUANTILE = 0.4;
/** What that share of a Gaussian's absolute values lies below, of several numbers together: about this. */
const OF_DEVIATION = 0.85;
/** Change of the level's logarithm with each measurement: at first, while nothing is known, and later. */
const RATE = { first: 0.1, later: 0.04 } as const;
/** Measurements that are the first. */
const FIRST = 45;
/** Variance of the third difference of white noise. */
const THIRD = 20;
/** Steps may differ by this share in an even pace. */
const EVEN = 0.25;

/**
 * From third differences: of a head that nods they are next to nothing, of noise they are 4.5 times its deviation.
 */
export function createNoiseLevel(length: number): NoiseLevel {
  const past = [0, 1, 2].map(() => new Float64Array(length));
  let known = 0;
  let pace = 0;
  let level = 1;
  let taught = 0;
  return {
    step(value, seconds, expected, sure) {
      const even = Math.abs(seconds - pace) < EVEN * seconds;
      pace = seconds;
      if (!sure || !even) known = 0;
      const [a, b, c] = past as [Float64Array, Float64Array, Float64Array];
      if (known >= 3) {
        let square = 0;
        for (let i = 0; i < length; i++) {
          const third = at(value, i) - 3 * float64At(c, i) + 3 * float64At(b, i) - float64At(a, i);
          square += third * third;
        }
        const deviation = Math.sqrt(square / (length * THIRD)) / OF_DEVIATION;
        const rate = taught < FIRST ? RATE.first : RATE.later;
        taught += 1;
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
      for (const values of past) {
        for (let i = 0; i < length; i++) values[i] = float64At(values, i) - at(by, i);
      }
    },
    reset() {
      known = 0;
      pace = 0;
      level = 1;
      taught = 0;
    },
  };
}
