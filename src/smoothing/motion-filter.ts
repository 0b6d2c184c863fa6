import { at, float64At } from '../face/at';
import type { Seconds } from '../face/types';
import { clear, type Offset, RELEASE, release } from './cover-offset';
import { blend, coast, mix, move, newModel, rest } from './motion-model';
import { update } from './motion-update';
import { createNoiseLevel } from './noise-level';
import { elapsed } from './one-euro';

/**
 * Several numbers of one thing that moves (a place, a turn, a group of expressions), in units in which their noise is
 * alike. An interacting multiple model (Blom, Bar-Shalom 1988): one Kalman filter believes that the thing rests, others
 * that it moves on at its speed, and how well each foresaw what came decides how much it has to say. At rest the noise is
 * averaged away; in motion the answer keeps up, for a steady motion is foreseen and not run after.
 */
export interface MotionSettings {
  /** Standard deviation of the measurements at rest. */
  readonly noise: number;
  /** Wandering at rest, units per √second. */
  readonly wander: number;
  /** Accelerations that the moving filters reckon with, units per second per √second, slow to quick. */
  readonly accelerations: readonly number[];
}

export interface Measurement {
  /** 0 to 1: how much of the measurement counts; 0 lets it go on as foreseen. */
  readonly trust?: number;
  /** Standard deviation of what a cover may have pushed the measurement off since the last one. */
  readonly push?: number;
  /** Nothing hides the thing: what measurements were off by under a cover is let go, in three steps. Default true. */
  readonly clear?: boolean;
}

export interface MotionFilter {
  /** Answers with a vector of its own, good until the next step. Throws RangeError where time is not later. */
  step(value: ArrayLike<number>, time: Seconds, measurement?: Measurement): Float64Array;
  /** Takes what a measurement differs by from the last answer for the work of a cover. */
  absorb(value: ArrayLike<number>): void;
  /** Takes its speed away: it stays where it is until it is told more. */
  stop(): void;
  /** Goes a share of the way to a place. */
  pull(to: ArrayLike<number>, share: number): void;
  /** Moves the origin: everything is told from `by` on. */
  shift(by: ArrayLike<number>): void;
  reset(): void;
}

/** Share of a second after which a model is likely to give way to another. */
const CHANGE = 0.25;
/** What rests goes on resting this many times longer than what moves goes on in its way. Under a cover nobody knows. */
const PATIENCE = 4;
/** Seconds in which a cover's work is done. */
const SETTLED = 0.1;
/** Noise that lasts for some frames looks like motion: it is reckoned larger than it is. */
const MARGIN = 3;

export function createMotionFilter(length: number, settings: MotionSettings): MotionFilter {
  const { wander, accelerations } = settings;
  const count = 1 + accelerations.length;
  const models = Array.from({ length: count }, () => newModel(length));
  const mixed = Array.from({ length: count }, () => newModel(length));
  const out = new Float64Array(length);
  const offset: Offset = { value: new Float64Array(length), variance: 0, steps: 0 };
  const level = createNoiseLevel(length);
  /** The last measurement, and the mean of it and this one: what follows its own crop swings from frame to frame. */
  const before = new Float64Array(length);
  const calm = new Float64Array(length);
  const swing = createSwing(length);
  let wasSure = false;
  let last: Seconds | undefined;

  const start = (value: ArrayLike<number>) => {
    clear(offset);
    before.set(Array.from(value));
    wasSure = true;
    for (const [k, model] of models.entries()) {
      for (let i = 0; i < length; i++) model.x[i] = at(value, i);
      model.v.fill(0);
      model.pxx = settings.noise ** 2;
      model.pxv = 0;
      model.pvv = speedVariance(k, settings);
      model.chance = k === 0 ? 0.8 : 0.2 / accelerations.length;
    }
  };

  const go = (value: ArrayLike<number>, seconds: Seconds, measurement: Required<Measurement>) => {
    const { trust, push } = measurement;
    if (measurement.clear) release(models, offset);
    mix(models, mixed, Math.min(0.5, seconds / CHANGE), measurement.clear ? PATIENCE : 1);
    for (const [k, model] of models.entries()) {
      if (k === 0) rest(model, wander * wander * seconds, speedVariance(0, settings));
      else move(model, seconds, at(accelerations, k - 1) ** 2);
    }
    offset.variance += push * push;
    const sure = trust > 0.99 && push === 0;
    const noise = MARGIN * settings.noise * level.step(value, seconds, settings.noise, sure);
    const unsure = trust <= 0.01 || push > 3 * settings.noise;
    // A cover that lies still has done its work: what changes now is motion.
    if (!unsure) offset.variance *= Math.exp(-seconds / SETTLED);
    if (unsure) for (const model of models) coast(model, seconds);
    const swings = swing.step(value, before);
    for (let i = 0; i < length; i++) {
      calm[i] = sure && wasSure ? (at(value, i) + float64At(before, i)) / 2 : at(value, i);
      before[i] = at(value, i);
    }
    wasSure = sure;
    if (trust > 0.01) update(models, swings ? calm : value, calm, offset, (noise / trust) ** 2, out);
  };

  return {
    step(value, time, { trust = 1, push = 0, clear = true } = {}) {
      if (last === undefined) start(value);
      else go(value, elapsed(last, time), { trust, push, clear });
      last = time;
      return blend(models, out);
    },
    absorb(value) {
      for (let i = 0; i < length; i++) offset.value[i] = at(value, i) - float64At(out, i);
      offset.steps = RELEASE;
    },
    stop() {
      for (const { v } of models) v.fill(0);
    },
    pull(to, share) {
      for (const { x } of models) {
        for (let i = 0; i < length; i++) x[i] = float64At(x, i) + share * (at(to, i) - float64At(x, i));
      }
      blend(models, out);
    },
    shift(by) {
      for (const { x } of models) for (let i = 0; i < length; i++) x[i] = float64At(x, i) - at(by, i);
      for (let i = 0; i < length; i++) before[i] = float64At(before, i) - at(by, i);
      level.shift(by);
    },
    reset() {
      last = undefined;
      level.reset();
    },
  };
}

/** Changes to and fro in a row after which they are no motion. */
const SWINGS = 2;

/** Whether a thing goes to and fro from frame to frame, which neither heads nor faces do. */
function createSwing(length: number) {
  const change = new Float64Array(length);
  let swings = 0;
  return {
    step(value: ArrayLike<number>, before: Float64Array): boolean {
      let dot = 0;
      let square = 0;
      let other = 0;
      for (let i = 0; i < length; i++) {
        const now = at(value, i) - float64At(before, i);
        dot += now * float64At(change, i);
        square += now * now;
        other += float64At(change, i) ** 2;
        change[i] = now;
      }
      swings = dot < -0.5 * Math.sqrt(square * other) ? swings + 1 : 0;
      return swings >= SWINGS;
    },
  };
}

/** What a model that begins to move may move with: a tenth of a second of its acceleration. */
function speedVariance(k: number, { accelerations }: MotionSettings): number {
  return at(accelerations, Math.max(0, k - 1)) ** 2 * 0.1;
}
