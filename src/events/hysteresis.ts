import type { Seconds } from '../face/types';

/** When a state is on and when it is off; amounts 0 to 1. */
export interface Threshold {
  /** The state begins at this amount and ends below `off`, which is lower. */
  readonly on: number;
  readonly off: number;
  /** Seconds for which the amount must stay beyond the threshold before the start, and before the end, is reported. */
  readonly onFor: Seconds;
  readonly offFor: Seconds;
}

/** A confirmed change. */
export interface Change {
  readonly phase: 'start' | 'end';
  /** When the amount crossed the threshold, which is before the confirmation. */
  readonly time: Seconds;
}

export interface Hysteresis {
  readonly on: boolean;
  /** `amount`: undefined where it cannot be measured. Gives the change that this step confirms, if any. */
  step(amount: number | undefined, time: Seconds): Change | undefined;
}

/** Seconds for which a state stays on while it cannot be measured. */
export const BLIND = 0.5;

export function createHysteresis({ on, off, onFor, offFor }: Threshold): Hysteresis {
  let isOn = false;
  /** Since when the amount is beyond the threshold. */
  let since: Seconds | undefined;
  /** Since when the amount cannot be measured. */
  let blindSince: Seconds | undefined;

  const change = (phase: Change['phase'], time: Seconds): Change => {
    isOn = phase === 'start';
    since = undefined;
    return { phase, time };
  };
  return {
    get on() {
      return isOn;
    },
    step(amount, time) {
      if (amount === undefined) {
        since = undefined;
        blindSince ??= time;
        return isOn && time - blindSince >= BLIND ? change('end', blindSince) : undefined;
      }
      blindSince = undefined;
      const turns = isOn ? amount < off : amount >= on;
      if (!turns) {
        since = undefined;
        return undefined;
      }
      since ??= time;
      // Sums of time steps have rounding errors.
      if (time - since < (isOn ? offFor : onFor) - 1e-6) return undefined;
      return change(isOn ? 'end' : 'start', since);
    },
  };
}
