import { float32At, float64At } from '../face/at';
import type { Seconds } from '../face/types';
import { elapsed } from './one-euro';

/** What one look tells about somebody's lasting numbers. */
export interface PersonFilter {
  /** `weight`, 0 to 1: how good the look is. Throws RangeError where time is not later. */
  step(value: Float32Array, time: Seconds, weight: number): Float32Array;
  /** Whether the numbers are known and held. */
  readonly locked: boolean;
  reset(): void;
}

export interface PersonSettings {
  /** Seconds of good looks after which the numbers are sure. */
  readonly sure: Seconds;
  /** Seconds in which a known person's numbers still follow; Infinity: never. */
  readonly follow: Seconds;
}

/** A look that is further off than this many times the usual distance counts the less, the further. */
const USUAL = 1.5;
/** Looks that keep this many times the usual distance for `AWAY` seconds are somebody else's. */
const STRANGE = 4;
/** No two people are nearer than this, root mean square of the numbers. */
const LEAST_STRANGE = 0.35;
const AWAY = 0.4;
/** A distance is usual until the first looks have told. */
const FIRST_SPREAD = 0.25;
/** Looks below this weight neither teach nor unlock. */
const USEFUL = 0.2;
/** Looks that are averaged for the spread. */
const SPREAD_LOOKS = 20;

/**
 * The weighted mean of somebody's lasting numbers, deaf to outliers; held when it is sure, begun anew when somebody else
 * sits down. The first look counts whole, whatever its weight.
 */
export function createPersonFilter(length: number, settings: PersonSettings): PersonFilter {
  const mean = new Float64Array(length);
  let known = 0;
  let spread = FIRST_SPREAD;
  let away = 0;
  let last: Seconds | undefined;

  const begin = (value: Float32Array, weight: number) => {
    mean.set(value);
    known = Math.max(0.01, weight / 30);
    spread = FIRST_SPREAD;
    away = 0;
  };

  const learn = (value: Float32Array, seconds: Seconds, weight: number) => {
    const off = distance(value, mean);
    const strange = off > Math.max(LEAST_STRANGE, STRANGE * spread);
    away = strange ? away + seconds : Math.max(0, away - seconds);
    if (away > AWAY) {
      begin(value, weight);
      return;
    }
    if (strange) return;
    spread += (off - spread) / SPREAD_LOOKS;
    const trust = weight * Math.min(1, (USUAL * spread) / Math.max(off, 1e-9));
    const worth = trust * seconds;
    const isSure = known >= settings.sure;
    known = Math.min(settings.sure, known + worth);
    const share = isSure ? worth / settings.follow : worth / known;
    for (let i = 0; i < length; i++) mean[i] = float64At(mean, i) + share * (float32At(value, i) - float64At(mean, i));
  };

  return {
    get locked() {
      return known >= settings.sure;
    },
    step(value, time, weight) {
      if (last === undefined) begin(value, weight);
      else {
        const seconds = elapsed(last, time);
        if (weight >= USEFUL) learn(value, Math.min(seconds, 0.1), weight);
      }
      last = time;
      return Float32Array.from(mean);
    },
    reset() {
      last = undefined;
    },
  };
}

function distance(a: Float32Array, b: Float64Array): number {
  let square = 0;
  for (let i = 0; i < b.length; i++) square += (float32At(a, i) - float64At(b, i)) ** 2;
  return Math.sqrt(square / b.length);
}
