import { at, float64At } from '../face/at';
import type { Seconds } from '../face/types';
import { createCoverOffset } from './cover-offset';
import { createMotionModels, type MotionSettings } from './motion-models';
import { createMotionUpdate } from './motion-update';
import { createNoiseLevel } from './noise-level';
import { elapsed } from './one-euro';
import { createSwingDetector } from './swing';

export interface Measurement {
  /** 0 to 1: how much of the measurement counts; 0: the filter only predicts. Default 1. */
  readonly trust?: number;
  /** Standard deviation of what a cover may have added to the measurement since the last one. Default 0. */
  readonly push?: number;
  /** Nothing covers the object: the offset of a cover is released in three steps. Default true. */
  readonly clear?: boolean;
}

export interface MotionFilter {
  /** The filtered values, valid until the next step. Throws RangeError unless `time` is later than the last one. */
  step(value: ArrayLike<number>, time: Seconds, measurement?: Measurement): Float64Array;
  /** Attributes the difference of a measurement from the last result to a cover. */
  absorb(value: ArrayLike<number>): void;
  /** Sets the velocity to 0. */
  stop(): void;
  /** Moves the result by a share of the way to `to`. */
  pull(to: ArrayLike<number>, share: number): void;
  /** Moves the origin to `by`: later values are relative to it. */
  shift(by: ArrayLike<number>): void;
  reset(): void;
}

/** The model at rest is left this many times more rarely than a moving model. Under a cover: as often. */
const PATIENCE = 4;
/** Factor on the noise: noise that is correlated over frames looks like motion. */
const MARGIN = 3;

/**
 * Filters several values of one moving object (a position, a rotation, a group of expressions). An interacting multiple
 * model (Blom, Bar-Shalom 1988): one Kalman filter assumes rest, the others constant velocity, and the likelihood of each
 * one's prediction sets its weight. At rest the noise is averaged; a steady motion is predicted, so that it has no lag.
 */
export function createMotionFilter(length: number, settings: MotionSettings): MotionFilter {
  const models = createMotionModels(length, settings);
  const offset = createCoverOffset(length);
  const update = createMotionUpdate(models, offset);
  const noiseLevel = createNoiseLevel(length);
  const swing = createSwingDetector(length);
  const out = new Float64Array(length);
  let last: Seconds | undefined;

  const start = (value: ArrayLike<number>) => {
    offset.clear();
    swing.start(value);
    models.start(value);
  };

  const follow = (value: ArrayLike<number>, seconds: Seconds, trust: number, push: number, clear: boolean) => {
    if (clear) offset.release(models);
    models.predict(seconds, clear ? PATIENCE : 1);
    offset.grow(push);
    const sure = trust > 0.99 && push === 0;
    const unsure = trust <= 0.01 || push > 3 * settings.noise;
    const noise = MARGIN * settings.noise * noiseLevel.step(value, seconds, settings.noise, sure);
    if (unsure) models.coast(seconds);
    else offset.settle(seconds);
    const swings = swing.step(value, sure);
    if (trust > 0.01) update(swings ? swing.calm : value, swing.calm, (noise / trust) ** 2);
  };

  return {
    step(value, time, { trust = 1, push = 0, clear = true } = {}) {
      if (last === undefined) start(value);
      else follow(value, elapsed(last, time), trust, push, clear);
      last = time;
      return models.blend(out);
    },
    absorb: (value) => offset.absorb(value, out),
    stop: models.stop,
    pull(to, share) {
      for (const { x } of models.all) {
        for (let i = 0; i < length; i++) x[i] = float64At(x, i) + share * (at(to, i) - float64At(x, i));
      }
      models.blend(out);
    },
    shift(by) {
      for (let i = 0; i < length; i++) models.moveValue(i, -at(by, i));
      swing.shift(by);
      noiseLevel.shift(by);
    },
    reset() {
      last = undefined;
      noiseLevel.reset();
    },
  };
}
