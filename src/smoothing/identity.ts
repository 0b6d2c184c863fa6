import { float32At, float64At } from '../face/at';
import type { Seconds } from '../face/types';
import { elapsed } from './one-euro';

/** Estimates values of a person that do not change. */
export interface PersonFilter {
  /** `weight`, 0 to 1: quality of the frame. Throws RangeError unless `time` is later than the last one. */
  step(value: Float32Array, time: Seconds, weight: number): Float32Array;
  /** Whether the values are known and held. */
  readonly locked: boolean;
  reset(): void;
}

export interface PersonSettings {
  /** Seconds of good frames after which the values are held. */
  readonly sure: Seconds;
  /** Time constant with which held values still follow, s; Infinity: they do not. */
  readonly follow: Seconds;
}

/** Outliers beyond this multiple of the usual distance get a lower weight. */
const USUAL = 1.5;
/** Frames beyond this multiple of the usual distance for `AWAY` seconds belong to another person. */
const STRANGE = 4;
/** Least distance between two people, root mean square of the values. */
const LEAST_STRANGE = 0.35;
const AWAY = 0.4;
/** Usual distance at the start. */
const FIRST_SPREAD = 0.25;
/** Frames below this weight are ignored. */
const USEFUL = 0.2;
/** Number of frames over which the usual distance is averaged. */
const SPREAD_LOOKS = 20;

/**
 * The weighted, outlier-resistant mean of a person's values. It is held when enough good frames were seen, and restarts for
 * another person. The first frame has full weight.
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
