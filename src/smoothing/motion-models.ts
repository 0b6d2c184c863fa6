import { at, float64At } from '../face/at';

/** Parameters of a motion filter, in units in which all its values have about the same noise. */
export interface MotionSettings {
  /** Standard deviation of the measurements at rest. */
  readonly noise: number;
  /** Random walk at rest, units per √second. */
  readonly wander: number;
  /** Accelerations of the moving models, units per second per √second, slow to quick. */
  readonly accelerations: readonly number[];
}

/** One Kalman filter of the motion filter: position and velocity of several values that share one covariance. */
export interface MotionModel {
  readonly x: Float64Array;
  readonly v: Float64Array;
  /** Covariance of position and velocity, the same for all values. */
  pxx: number;
  pxv: number;
  pvv: number;
  /** Probability of this model, 0 to 1. */
  chance: number;
}

/** The models of a motion filter. */
export interface MotionModels {
  /** The first assumes rest, the others constant velocity under the accelerations of the settings. */
  readonly all: readonly MotionModel[];
  /** Initialises all models at rest at `value`. */
  start(value: ArrayLike<number>): void;
  /** Mixes the models (interaction step) and predicts each over `seconds`. `patience`: see `mix`. */
  predict(seconds: number, patience: number): void;
  /** Lets the velocities decay over `seconds`. */
  coast(seconds: number): void;
  /** Sets the velocities to 0. */
  stop(): void;
  /** Adds `change` to value `i` of every model's position. */
  moveValue(i: number, change: number): void;
  /** The mean of the positions, weighted by the probabilities, into `out`. */
  blend(out: Float64Array): Float64Array;
}

/** Time constant of the decay of a velocity while nothing is measured, s. */
const COAST = 0.06;
/** Inverse rate at which a model gives way to another, s. */
const CHANGE = 0.25;

export function createMotionModels(length: number, settings: MotionSettings): MotionModels {
  const { noise, wander, accelerations } = settings;
  const newModel = (): MotionModel => {
    return { x: new Float64Array(length), v: new Float64Array(length), pxx: 0, pxv: 0, pvv: 0, chance: 0 };
  };
  const all = [newModel(), ...accelerations.map(newModel)];
  const mix = createMixer(all, all.map(newModel));
  return {
    all,
    start(value) {
      for (const [k, model] of all.entries()) {
        for (let i = 0; i < length; i++) model.x[i] = at(value, i);
        model.v.fill(0);
        model.pxx = noise ** 2;
        model.pxv = 0;
        model.pvv = initialSpeedVariance(k, settings);
        model.chance = k === 0 ? 0.8 : 0.2 / accelerations.length;
      }
    },
    predict(seconds, patience) {
      mix(Math.min(0.5, seconds / CHANGE), patience);
      for (let k = 0; k < all.length; k++) {
        if (k === 0) predictRest(at(all, k), wander * wander * seconds, initialSpeedVariance(0, settings));
        else predictMotion(at(all, k), seconds, at(accelerations, k - 1) ** 2);
      }
    },
    coast(seconds) {
      const kept = Math.exp(-seconds / COAST);
      for (const { v } of all) for (let i = 0; i < length; i++) v[i] = kept * float64At(v, i);
    },
    stop() {
      for (const { v } of all) v.fill(0);
    },
    moveValue(i, change) {
      for (const { x } of all) x[i] = float64At(x, i) + change;
    },
    blend(out) {
      out.fill(0);
      for (const { x, chance } of all) {
        for (let i = 0; i < length; i++) out[i] = float64At(out, i) + chance * float64At(x, i);
      }
      return out;
    },
  };
}

/** Variance of the velocity of a model that starts to move: its acceleration over a tenth of a second. */
function initialSpeedVariance(k: number, { accelerations }: MotionSettings): number {
  return at(accelerations, Math.max(0, k - 1)) ** 2 * 0.1;
}

/** Prediction at rest: the position wanders, the velocity is 0. */
function predictRest(model: MotionModel, wander: number, speed: number): void {
  model.v.fill(0);
  model.pxx += wander;
  model.pxv = 0;
  model.pvv = speed;
}

/** Prediction with constant velocity under a white acceleration of density `q`. */
function predictMotion(model: MotionModel, seconds: number, q: number): void {
  const { x, v } = model;
  for (let i = 0; i < x.length; i++) x[i] = float64At(x, i) + seconds * float64At(v, i);
  model.pxx += 2 * seconds * model.pxv + seconds * seconds * model.pvv + (q * seconds ** 3) / 3;
  model.pxv += seconds * model.pvv + (q * seconds ** 2) / 2;
  model.pvv += q * seconds;
}

/**
 * The interaction step: each model restarts from the mean of all, weighted by the probability of a transition from each.
 * `change`: probability that a moving model gives way to another; for the model at rest it is `patience` times smaller.
 */
function createMixer(models: readonly MotionModel[], mixed: readonly MotionModel[]) {
  const count = models.length;
  const weights = new Float64Array(count);
  return (change: number, patience: number): void => {
    for (let j = 0; j < count; j++) {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const leaves = i === 0 ? change / patience : change;
        weights[i] = (i === j ? 1 - leaves : leaves / (count - 1)) * at(models, i).chance;
        total += float64At(weights, i);
      }
      for (let i = 0; i < count; i++) weights[i] = float64At(weights, i) / total;
      const into = at(mixed, j);
      averagePositions(models, weights, into);
      averageCovariances(models, weights, into);
      into.chance = total;
    }
    for (let j = 0; j < count; j++) copyModel(at(mixed, j), at(models, j));
  };
}

function averagePositions(models: readonly MotionModel[], weights: Float64Array, into: MotionModel): void {
  const length = into.x.length;
  into.x.fill(0);
  into.v.fill(0);
  for (let m = 0; m < models.length; m++) {
    const { x, v } = at(models, m);
    const weight = float64At(weights, m);
    for (let i = 0; i < length; i++) {
      into.x[i] = float64At(into.x, i) + weight * float64At(x, i);
      into.v[i] = float64At(into.v, i) + weight * float64At(v, i);
    }
  }
}

/** The mean covariance plus the spread of the models' means around `into`. */
function averageCovariances(models: readonly MotionModel[], weights: Float64Array, into: MotionModel): void {
  const length = into.x.length;
  into.pxx = 0;
  into.pxv = 0;
  into.pvv = 0;
  for (let m = 0; m < models.length; m++) {
    const { x, v, pxx, pxv, pvv } = at(models, m);
    const weight = float64At(weights, m);
    let xx = 0;
    let xv = 0;
    let vv = 0;
    for (let i = 0; i < length; i++) {
      const dx = float64At(x, i) - float64At(into.x, i);
      const dv = float64At(v, i) - float64At(into.v, i);
      xx += dx * dx;
      xv += dx * dv;
      vv += dv * dv;
    }
    into.pxx += weight * (pxx + xx / length);
    into.pxv += weight * (pxv + xv / length);
    into.pvv += weight * (pvv + vv / length);
  }
}

function copyModel(from: MotionModel, to: MotionModel): void {
  to.x.set(from.x);
  to.v.set(from.v);
  to.pxx = from.pxx;
  to.pxv = from.pxv;
  to.pvv = from.pvv;
  to.chance = from.chance;
}
