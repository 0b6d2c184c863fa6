import { at, float64At } from '../face/at';
import type { Seconds } from '../face/types';

/** Casiez, Roussel, Vogel: "1 € filter", CHI 2012. */
export interface OneEuroSettings {
  /** Cutoff at rest, Hz; lower gives less jitter. */
  readonly minCutoff: number;
  /** Increase of the cutoff per speed, Hz per unit/second; higher gives less lag. */
  readonly beta: number;
  /** Cutoff of the speed's filter, Hz. */
  readonly speedCutoff: number;
}

/** A filter without a clock: the result depends only on the values since the last reset. */
export interface Filter<T> {
  /** Throws RangeError unless `time` is later than the last one. */
  step(value: T, time: Seconds): T;
  reset(): void;
}

/** Weight of a new value after `seconds` in a first-order low-pass filter with a cutoff in Hz. */
export function lowPassWeight(cutoff: number, seconds: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoff * seconds));
}

/** Seconds since `last`. Throws RangeError unless `time` is later. */
export function elapsed(last: Seconds, time: Seconds): number {
  if (time > last) return time - last;
  throw new RangeError(`time: ${time} s is not later than ${last} s`);
}

export function createOneEuro(settings: OneEuroSettings): Filter<number> {
  const filter = createVectorOneEuro(1, settings);
  const value = new Float64Array(1);
  return {
    step(next, time) {
      value[0] = next;
      return at(filter.step(value, time), 0);
    },
    reset: filter.reset,
  };
}

/** Filters each value of a vector separately. `step` returns a new array. */
export function createVectorOneEuro(length: number, settings: OneEuroSettings): Filter<ArrayLike<number>> {
  const { minCutoff, beta, speedCutoff } = settings;
  const smooth = new Float64Array(length);
  const speed = new Float64Array(length);
  let last: Seconds | undefined;
  return {
    step(value, time) {
      if (last === undefined) {
        for (let i = 0; i < length; i++) smooth[i] = at(value, i);
        speed.fill(0);
      } else {
        const seconds = elapsed(last, time);
        const speedWeight = lowPassWeight(speedCutoff, seconds);
        for (let i = 0; i < length; i++) {
          const change = at(value, i) - float64At(smooth, i);
          const before = float64At(speed, i);
          const now = before + speedWeight * (change / seconds - before);
          speed[i] = now;
          smooth[i] = float64At(smooth, i) + lowPassWeight(minCutoff + beta * Math.abs(now), seconds) * change;
        }
      }
      last = time;
      return smooth.slice();
    },
    reset() {
      last = undefined;
    },
  };
}
