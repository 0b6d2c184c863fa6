import { at, float64At } from '../face/at';
import type { Offset } from './cover-offset';
import type { Model } from './motion-model';

/** Numbers that go up and down together tell less than as many by themselves. */
const INDEPENDENT = 3;

/**
 * Weighs the models by what they foresaw and moves each, and the offset, towards the measurement. The one at rest, which is
 * the first, moves towards `calm`.
 */
export function update(
  models: readonly Model[],
  value: ArrayLike<number>,
  calm: ArrayLike<number>,
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
      square += (at(value, i) - float64At(offset, i) - float64At(model.x, i)) ** 2;
    }
    const log = Math.log(Math.max(model.chance, 1e-6)) - 0.5 * tempered * (square / spread + length * Math.log(spread));
    most = Math.max(most, log);
    return log;
  });
  const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0);
  scratch.fill(0);
  let taken = 0;
  for (const [k, model] of models.entries()) {
    model.chance = Math.exp(at(logs, k) - most) / sum;
    const spread = model.pxx + noise + offsetVariance;
    const gain = model.pxx / spread;
    const speedGain = model.pxv / spread;
    const offsetGain = offsetVariance / spread;
    taken += model.chance * offsetGain;
    for (let i = 0; i < length; i++) {
      const told = at(k === 0 ? calm : value, i);
      const innovation = told - float64At(offset, i) - float64At(model.x, i);
      model.x[i] = float64At(model.x, i) + gain * innovation;
      model.v[i] = float64At(model.v, i) + speedGain * innovation;
      scratch[i] = float64At(scratch, i) + model.chance * offsetGain * innovation;
    }
    model.pvv -= speedGain * model.pxv;
    model.pxv -= gain * model.pxv;
    model.pxx -= gain * model.pxx;
  }
  for (let i = 0; i < length; i++) offset[i] = float64At(offset, i) + float64At(scratch, i);
  off.variance *= 1 - taken;
}
