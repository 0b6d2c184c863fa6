import type { Seconds } from '../face/types';

/** When something counts as so, and when no longer; amounts 0 to 1. */
export interface Threshold {
  /** From this amount on it begins, below `off` it ends; `off` is the lower one. */
  readonly on: number;
  readonly off: number;
  /** Seconds it must have been so before it is told that it began; ended. */
  readonly onFor: Seconds;
  readonly offFor: Seconds;
}

/** A change that is sure by now. */
export interface Change {
  readonly phase: 'start' | 'end';
  /** When it began to be so, which may be a little before it was sure. */
  readonly time: Seconds;
}

export interface Hysteresis {
  readonly on: boolean;
  /** `amount` undefined: nobody can tell now. Answers with the change that became sure by this step, if any. */
  step(amount: number | undefined, time: Seconds): Change | undefined;
}

/** Seconds for which something that was so counts as going on where nobody can tell. */
export const BLIND = 0.5;

export function createHysteresis({ on, off, onFor, offFor }: Threshold): Hysteresis {
  let isOn = false;
  /** Since when the amount speaks for a change. */
  let since: Seconds | undefined;
  /** Since when nobody can tell. */
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
      // Sums of a clock's steps may fall short by a rounding.
      if (time - since < (isOn ? offFor : onFor) - 1e-6) return undefined;
      return change(isOn ? 'end' : 'start', since);
    },
  };
}
