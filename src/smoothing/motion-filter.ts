import type { Seconds } from '../face/types';
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
  /** Goes a share of the way to a place. */
  pull(to: ArrayLike<number>, share: number): void;
  /** Moves the origin: everything is told from `by` on. */
  shift(by: ArrayLike<number>): void;
  reset(): void;
}

interface Model {
  readonly x: Float64Array;
  readonly v: Float64Array;
  /** Covariance of place and speed, the same for all numbers. */
  pxx: number;
  pxv: number;
  pvv: number;
  chance: number;
}

/** Share of a second after which a model is likely to give way to another. */
const CHANGE = 0.25;
/** Seconds in which a speed dies down while nothing is seen, or a cover comes. */
const COAST = 0.06;

/** Noise that lasts for some frames looks like motion: it is reckoned larger than it is. */
const MARGIN = 2;
/** Steps in which the work of a cover is let go. */
const RELEASE = 3;
/** Numbers that go up and down together tell less than as many by themselves. */
const INDEPENDENT = 3;

export function createMotionFilter(length: number, settings: MotionSettings): MotionFilter {
  const { wander, accelerations } = settings;
  const count = 1 + accelerations.length;
  const models = Array.from({ length: count }, () => newModel(length));
  const mixed = Array.from({ length: count }, () => newModel(length));
  const out = new Float64Array(length);
  const offset: Offset = { value: new Float64Array(length), variance: 0, steps: 0 };
  const level = createNoiseLevel(length);
  let last: Seconds | undefined;

  const start = (value: ArrayLike<number>) => {
    clear(offset);
    for (const [k, model] of models.entries()) {
      for (let i = 0; i < length; i++) model.x[i] = value[i] as number;
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
    mix(models, mixed, Math.min(0.5, seconds / CHANGE));
    for (const [k, model] of models.entries()) {
      if (k === 0) rest(model, wander * wander * seconds, speedVariance(0, settings));
      else move(model, seconds, (accelerations[k - 1] as number) ** 2);
    }
    offset.variance += push * push;
    const sure = trust > 0.99 && push === 0;
    const noise = MARGIN * settings.noise * level.step(value, seconds, settings.noise, sure);
    const unsure = trust <= 0.01 || push > 3 * settings.noise;
    if (unsure) for (const model of models) coast(model, seconds);
    if (trust > 0.01) update(models, value, offset, (noise / trust) ** 2, out);
  };

  return {
    step(value, time, { trust = 1, push = 0, clear = true } = {}) {
      if (last === undefined) start(value);
      else go(value, elapsed(last, time), { trust, push, clear });
      last = time;
      return blend(models, out);
    },
    absorb(value) {
      for (let i = 0; i < length; i++) offset.value[i] = (value[i] as number) - (out[i] as number);
      offset.steps = RELEASE;
    },
    pull(to, share) {
      for (const { x } of models) {
        for (let i = 0; i < length; i++) x[i] = (x[i] as number) + share * ((to[i] as number) - (x[i] as number));
      }
      blend(models, out);
    },
    shift(by) {
      for (const { x } of models) for (let i = 0; i < length; i++) x[i] = (x[i] as number) - (by[i] as number);
      level.shift(by);
    },
    reset() {
      last = undefined;
      level.reset();
    },
  };
}

/** What a cover pushes measurements off by. */
interface Offset {
  readonly value: Float64Array;
  variance: number;
  /** Steps until it is let go, once nothing hides the thing. */
  steps: number;
}

function clear(offset: Offset): void {
  offset.value.fill(0);
  offset.variance = 0;
  offset.steps = RELEASE;
}

/** Lets a part of the offset go: the answer comes nearer to what is measured by as much. */
function release(models: readonly Model[], offset: Offset): void {
  const { value } = offset;
  if (value.every((off) => off === 0)) {
    clear(offset);
    return;
  }
  const share = 1 / Math.max(1, offset.steps);
  for (let i = 0; i < value.length; i++) {
    const part = share * (value[i] as number);
    value[i] = offset.steps <= 1 ? 0 : (value[i] as number) - part;
    for (const { x } of models) x[i] = (x[i] as number) + part;
  }
  offset.variance = 0;
  offset.steps -= 1;
}

function newModel(length: number): Model {
  return { x: new Float64Array(length), v: new Float64Array(length), pxx: 0, pxv: 0, pvv: 0, chance: 0 };
}

/** What a model that begins to move may move with: a tenth of a second of its acceleration. */
function speedVariance(k: number, { accelerations }: MotionSettings): number {
  return (accelerations[Math.max(0, k - 1)] as number) ** 2 * 0.1;
}

/** Each model starts from all, weighted by how likely it was to come from them. */
function mix(models: Model[], mixed: Model[], change: number): void {
  const count = models.length;
  const kept = 1 - change;
  const other = change / (count - 1);
  for (let j = 0; j < count; j++) {
    const into = mixed[j] as Model;
    let total = 0;
    for (let i = 0; i < count; i++) total += (i === j ? kept : other) * (models[i] as Model).chance;
    average(models, into, (i) => ((i === j ? kept : other) * (models[i] as Model).chance) / total);
    into.chance = total;
  }
  for (let j = 0; j < count; j++) copy(mixed[j] as Model, models[j] as Model);
}

function average(models: readonly Model[], into: Model, weightOf: (i: number) => number): void {
  const length = into.x.length;
  into.x.fill(0);
  into.v.fill(0);
  for (const [i, { x, v }] of models.entries()) {
    const weight = weightOf(i);
    for (let k = 0; k < length; k++) {
      into.x[k] = (into.x[k] as number) + weight * (x[k] as number);
      into.v[k] = (into.v[k] as number) + weight * (v[k] as number);
    }
  }
  into.pxx = 0;
  into.pxv = 0;
  into.pvv = 0;
  for (const [i, { x, v, pxx, pxv, pvv }] of models.entries()) {
    const weight = weightOf(i);
    let xx = 0;
    let xv = 0;
    let vv = 0;
    for (let k = 0; k < length; k++) {
      const dx = (x[k] as number) - (into.x[k] as number);
      const dv = (v[k] as number) - (into.v[k] as number);
      xx += dx * dx;
      xv += dx * dv;
      vv += dv * dv;
    }
    into.pxx += weight * (pxx + xx / length);
    into.pxv += weight * (pxv + xv / length);
    into.pvv += weight * (pvv + vv / length);
  }
}

function copy(from: Model, to: Model): void {
  to.x.set(from.x);
  to.v.set(from.v);
  to.pxx = from.pxx;
  to.pxv = from.pxv;
  to.pvv = from.pvv;
  to.chance = from.chance;
}

function rest(model: Model, wander: number, speed: number): void {
  model.v.fill(0);
  model.pxx += wander;
  model.pxv = 0;
  model.pvv = speed;
}

/** Constant speed under a white acceleration of density `q`. */
function move(model: Model, seconds: number, q: number): void {
  const { x, v } = model;
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) + seconds * (v[i] as number);
  model.pxx += 2 * seconds * model.pxv + seconds * seconds * model.pvv + (q * seconds ** 3) / 3;
  model.pxv += seconds * model.pvv + (q * seconds ** 2) / 2;
  model.pvv += q * seconds;
}

function coast(model: Model, seconds: number): void {
  const kept = Math.exp(-seconds / COAST);
  for (let i = 0; i < model.v.length; i++) model.v[i] = kept * (model.v[i] as number);
}

/** Weighs the models by what they foresaw and moves each, and the offset, towards the measurement. */
function update(
  models: readonly Model[],
  value: ArrayLike<number>,
  off: Offset,
  noise: number,
  scratch: Float64Array,
): void {
  const { value: offset, variance: offsetVariance } = off;
  const length = offset.length;
  const tempered = Math.min(1, INDEPENDENT / length);
  let most = Number.NEGATIVE_INFINITY;
  const logs = models.map((model) => {
    const spread = model.pxx + noise + offsetVariance;
    let square = 0;
    for (let i = 0; i < length; i++) {
      square += ((value[i] as number) - (offset[i] as number) - (model.x[i] as number)) ** 2;
    }
    const log = Math.log(Math.max(model.chance, 1e-6)) - 0.5 * tempered * (square / spread + length * Math.log(spread));
    most = Math.max(most, log);
    return log;
  });
  const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0);
  scratch.fill(0);
  let taken = 0;
  for (const [k, model] of models.entries()) {
    model.chance = Math.exp((logs[k] as number) - most) / sum;
    const spread = model.pxx + noise + offsetVariance;
    const gain = model.pxx / spread;
    const speedGain = model.pxv / spread;
    const offsetGain = offsetVariance / spread;
    taken += model.chance * offsetGain;
    for (let i = 0; i < length; i++) {
      const innovation = (value[i] as number) - (offset[i] as number) - (model.x[i] as number);
      model.x[i] = (model.x[i] as number) + gain * innovation;
      model.v[i] = (model.v[i] as number) + speedGain * innovation;
      scratch[i] = (scratch[i] as number) + model.chance * offsetGain * innovation;
    }
    model.pvv -= speedGain * model.pxv;
    model.pxv -= gain * model.pxv;
    model.pxx -= gain * model.pxx;
  }
  for (let i = 0; i < length; i++) offset[i] = (offset[i] as number) + (scratch[i] as number);
  off.variance *= 1 - taken;
}

function blend(models: readonly Model[], out: Float64Array): Float64Array {
  out.fill(0);
  for (const { x, chance } of models)
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + chance * (x[i] as number);
  return out;
}
