import { float64At } from '../face/at';
/** One of the Kalman filters of a motion filter: place and speed of several numbers. */
export interface Model {
  readonly x: Float64Array;
  readonly v: Float64Array;
  /** Covariance of place and speed, the same for all numbers. */
  pxx: number;
  pxv: number;
  pvv: number;
  chance: number;
}

/** Seconds in which a speed dies down while nothing is seen, or a cover comes. */
const COAST = 0.06;

export function newModel(length: number): Model {
  return { x: new Float64Array(length), v: new Float64Array(length), pxx: 0, pxv: 0, pvv: 0, chance: 0 };
}

/**
 * Each model starts from all, weighted by how likely it was to come from them. `change`: how likely a moving model is to
 * give way to another; the one at rest is so many times less, its `patience`.
 */
export function mix(models: readonly Model[], mixed: readonly Model[], change: number, patience: number): void {
  const count = models.length;
  const chanceOf = (from: number, to: number) => {
    const leaves = from === 0 ? change / patience : change;
    return from === to ? 1 - leaves : leaves / (count - 1);
  };
  for (let j = 0; j < count; j++) {
    const into = mixed[j] as Model;
    let total = 0;
    for (let i = 0; i < count; i++) total += chanceOf(i, j) * (models[i] as Model).chance;
    average(models, into, (i) => (chanceOf(i, j) * (models[i] as Model).chance) / total);
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
      into.x[k] = float64At(into.x, k) + weight * float64At(x, k);
      into.v[k] = float64At(into.v, k) + weight * float64At(v, k);
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
      const dx = float64At(x, k) - float64At(into.x, k);
      const dv = float64At(v, k) - float64At(into.v, k);
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

export function rest(model: Model, wander: number, speed: number): void {
  model.v.fill(0);
  model.pxx += wander;
  model.pxv = 0;
  model.pvv = speed;
}

/** Constant speed under a white acceleration of density `q`. */
export function move(model: Model, seconds: number, q: number): void {
  const { x, v } = model;
  for (let i = 0; i < x.length; i++) x[i] = float64At(x, i) + seconds * float64At(v, i);
  model.pxx += 2 * seconds * model.pxv + seconds * seconds * model.pvv + (q * seconds ** 3) / 3;
  model.pxv += seconds * model.pvv + (q * seconds ** 2) / 2;
  model.pvv += q * seconds;
}

export function coast(model: Model, seconds: number): void {
  const kept = Math.exp(-seconds / COAST);
  for (let i = 0; i < model.v.length; i++) model.v[i] = kept * float64At(model.v, i);
}

export function blend(models: readonly Model[], out: Float64Array): Float64Array {
  out.fill(0);
  for (const { x, chance } of models)
    for (let i = 0; i < out.length; i++) out[i] = float64At(out, i) + chance * float64At(x, i);
  return out;
}
