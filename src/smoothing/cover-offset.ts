import { at, float64At } from '../face/at';
import type { MotionModels } from './motion-models';

/** Steps over which an offset is released. */
const RELEASE = 3;
/** Time constant with which the effect of a cover that lies still becomes known, s. */
const SETTLED = 0.1;

/** An estimate of the error that a cover adds to the measurements: measurement = position + offset + noise. */
export interface CoverOffset {
  readonly value: Float64Array;
  /** Variance of the offset, the same for all values. */
  variance: number;
  /** Forgets the offset. */
  clear(): void;
  /** A cover may have changed the offset by `push` (standard deviation). */
  grow(push: number): void;
  /** The cover lay still for `seconds`: what changes from now on is motion, not the cover. */
  settle(seconds: number): void;
  /** Sets the offset to the difference of a measurement from the last result. */
  absorb(value: ArrayLike<number>, result: Float64Array): void;
  /** Moves a part of the offset into the models' positions, so that the result approaches the measurement in 3 steps. */
  release(models: MotionModels): void;
}

export function createCoverOffset(length: number): CoverOffset {
  const value = new Float64Array(length);
  /** Steps left until the offset is released. */
  let steps = 0;
  return {
    value,
    variance: 0,
    clear() {
      value.fill(0);
      this.variance = 0;
      steps = RELEASE;
    },
    grow(push) {
      this.variance += push * push;
    },
    settle(seconds) {
      this.variance *= Math.exp(-seconds / SETTLED);
    },
    absorb(measured, result) {
      for (let i = 0; i < length; i++) value[i] = at(measured, i) - float64At(result, i);
      steps = RELEASE;
    },
    release(models) {
      if (value.every((off) => off === 0)) {
        this.clear();
        return;
      }
      const share = 1 / Math.max(1, steps);
      for (let i = 0; i < length; i++) {
        const part = share * float64At(value, i);
        value[i] = steps <= 1 ? 0 : float64At(value, i) - part;
        models.moveValue(i, part);
      }
      this.variance = 0;
      steps -= 1;
    },
  };
}
