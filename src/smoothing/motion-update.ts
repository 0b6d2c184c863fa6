import { at, float64At } from '../face/at';
import type { CoverOffset } from './cover-offset';
import type { MotionModel, MotionModels } from './motion-models';

/** Effective number of independent values: values that change together carry less information. */
const INDEPENDENT = 3;

/**
 * Updates the models and the offset with a measurement of variance `noise`. The model at rest uses `calm`, the moving ones
 * `value`. The likelihood of each model's prediction updates its probability.
 */
export type MotionUpdate = (value: ArrayLike<number>, calm: ArrayLike<number>, noise: number) => void;

export function createMotionUpdate({ all }: MotionModels, offset: CoverOffset): MotionUpdate {
  const { length } = offset.value;
  const logs = new Float64Array(all.length);
  const correction = new Float64Array(length);
  return (value, calm, noise) => {
    updateProbabilities(all, offset, value, noise, logs);
    correction.fill(0);
    let taken = 0;
    for (let k = 0; k < all.length; k++) {
      const model = at(all, k);
      taken += model.chance * updateModel(model, offset, k === 0 ? calm : value, noise, correction);
    }
    for (let i = 0; i < length; i++) offset.value[i] = float64At(offset.value, i) + float64At(correction, i);
    offset.variance *= 1 - taken;
  };
}

function updateProbabilities(
  models: readonly MotionModel[],
  offset: CoverOffset,
  value: ArrayLike<number>,
  noise: number,
  logs: Float64Array,
): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < models.length; k++) {
    logs[k] = logPosterior(at(models, k), offset, value, noise);
    most = Math.max(most, float64At(logs, k));
  }
  let sum = 0;
  for (let k = 0; k < models.length; k++) sum += Math.exp(float64At(logs, k) - most);
  for (let k = 0; k < models.length; k++) at(models, k).chance = Math.exp(float64At(logs, k) - most) / sum;
}

/** Logarithm of a model's probability after the measurement, up to a constant. */
function logPosterior(model: MotionModel, offset: CoverOffset, value: ArrayLike<number>, noise: number): number {
  const { x, pxx, chance } = model;
  const { length } = x;
  const spread = pxx + noise + offset.variance;
  let square = 0;
  for (let i = 0; i < length; i++) square += (at(value, i) - float64At(offset.value, i) - float64At(x, i)) ** 2;
  const tempered = Math.min(1, INDEPENDENT / length);
  return Math.log(Math.max(chance, 1e-6)) - 0.5 * tempered * (square / spread + length * Math.log(spread));
}

/** Moves one model towards the measurement and adds its part to the offset's correction. Gives the offset's gain. */
function updateModel(
  model: MotionModel,
  offset: CoverOffset,
  measured: ArrayLike<number>,
  noise: number,
  correction: Float64Array,
): number {
  const spread = model.pxx + noise + offset.variance;
  const gain = model.pxx / spread;
  const speedGain = model.pxv / spread;
  const offsetGain = offset.variance / spread;
  for (let i = 0; i < correction.length; i++) {
    const innovation = at(measured, i) - float64At(offset.value, i) - float64At(model.x, i);
    model.x[i] = float64At(model.x, i) + gain * innovation;
    model.v[i] = float64At(model.v, i) + speedGain * innovation;
    correction[i] = float64At(correction, i) + model.chance * offsetGain * innovation;
  }
  model.pvv -= speedGain * model.pxv;
  model.pxv -= gain * model.pxv;
  model.pxx -= gain * model.pxx;
  return offsetGain;
}
