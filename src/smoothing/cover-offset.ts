import { float64At } from '../face/at';
import type { Model } from './motion-model';

/** Steps in which the work of a cover is let go. */
export const RELEASE = 3;

/** What a cover pushes measurements off by. */
export interface Offset {
  readonly value: Float64Array;
  variance: number;
  /** Steps until it is let go, once nothing hides the thing. */
  steps: number;
}

export function clear(offset: Offset): void {
  offset.value.fill(0);
  offset.variance = 0;
  offset.steps = RELEASE;
}

/** Lets a part of the offset go: the answer comes nearer to what is measured by as much. */
export function release(models: readonly Model[], offset: Offset): void {
  const { value } = offset;
  if (value.every((off) => off === 0)) {
    clear(offset);
    return;
  }
  const share = 1 / Math.max(1, offset.steps);
  for (let i = 0; i < value.length; i++) {
    const part = share * float64At(value, i);
    value[i] = offset.steps <= 1 ? 0 : float64At(value, i) - part;
    for (const { x } of models) x[i] = float64At(x, i) + part;
  }
  offset.variance = 0;
  offset.steps -= 1;
}
