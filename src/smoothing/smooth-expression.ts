import { at, float32At, float64At } from '../face/at';
import { EXPRESSION_NAMES, type FaceData, type Region, type Seconds } from '../face/types';
import { createMotionFilter } from './motion-filter';
import type { MotionSettings } from './motion-models';
import { seenOf } from './seen';

/** Expressions that move together, and the regions that show them. */
export interface ExpressionPart {
  readonly group: keyof ExpressionRates;
  readonly names: RegExp;
  readonly regions: readonly Region[];
}

export const EXPRESSION_PARTS: readonly ExpressionPart[] = [
  { group: 'eyes', names: /^(eye(Blink|Squint|Wide)|cheekSquint)Left$/, regions: ['eyeLeft'] },
  { group: 'eyes', names: /^(eye(Blink|Squint|Wide)|cheekSquint)Right$/, regions: ['eyeRight'] },
  { group: 'eyes', names: /^eyeLook.*Left$/, regions: ['eyeLeft'] },
  { group: 'eyes', names: /^eyeLook.*Right$/, regions: ['eyeRight'] },
  { group: 'brows', names: /^brow.*Left$/, regions: ['browLeft'] },
  { group: 'brows', names: /^brow.*Right$/, regions: ['browRight'] },
  { group: 'brows', names: /^browInnerUp$/, regions: ['browLeft', 'browRight'] },
  { group: 'jaw', names: /^jaw/, regions: ['mouth', 'jaw'] },
  { group: 'mouth', names: /^(mouth|tongue|cheekPuff|noseSneer)/, regions: ['mouth'] },
];

export type ExpressionRates = Readonly<Record<'eyes' | 'brows' | 'jaw' | 'mouth', MotionSettings>>;

export interface ExpressionSmoother {
  /** `measured`: false where the face was not seen. */
  step(values: Float32Array, visibility: FaceData['visibility'], time: Seconds, measured: boolean): Float32Array;
  reset(): void;
}

/** Visible share of its regions below which a part is held. */
const HOLD = 0.3;
/** Seconds after which a held part returns to rest, and the time constant of the return. */
const PATIENCE = 0.5;
const RELAX = 0.25;
/** Time constants with which the resting values follow the measured ones downwards and upwards, s. */
const REST = { down: 0.5, up: 12 } as const;

/**
 * 52 expressions in the network's order. A hidden part is held, then returns to rest unless `relax` is false; visible again,
 * it follows within three steps.
 */
export function createExpressionSmoother(rates: ExpressionRates, { relax = true } = {}): ExpressionSmoother {
  const patience = relax ? PATIENCE : Number.POSITIVE_INFINITY;
  const parts = EXPRESSION_PARTS.map((part) => createPart(part, rates[part.group], patience));
  return {
    step(values, visibility, time, measured) {
      const smooth = new Float32Array(values.length);
      for (const part of parts) {
        const seen = measured ? seenOf(visibility, part.regions) : 0;
        const out = part.step(values, seen, time);
        for (let k = 0; k < part.indices.length; k++) {
          smooth[at(part.indices, k)] = Math.min(1, Math.max(0, float64At(out, k)));
        }
      }
      return smooth;
    },
    reset() {
      for (const part of parts) part.reset();
    },
  };
}

/** Indices of a part's expressions. */
export function expressionsOf({ names }: ExpressionPart): readonly number[] {
  return EXPRESSION_NAMES.flatMap((name, i) => (names.test(name) ? [i] : []));
}

/** `patience`: seconds until a hidden part returns to rest. */
function createPart(part: ExpressionPart, settings: MotionSettings, patience: Seconds) {
  const { regions } = part;
  const indices = expressionsOf(part);
  const filter = createMotionFilter(indices.length, settings);
  const own = new Float64Array(indices.length);
  const rest = new Float64Array(indices.length);
  /** When the part was last visible; undefined before the first frame. */
  let lastVisible: Seconds | undefined;
  let last: Seconds = 0;
  let held = false;

  const hide = (time: Seconds, seconds: Seconds): Float64Array => {
    // The last measurements showed the cover arriving: their velocity is not the face's.
    if (!held) filter.stop();
    held = true;
    const out = filter.step(own, time, { trust: 0, clear: false });
    if (time - (lastVisible ?? time) > patience) filter.pull(rest, 1 - Math.exp(-seconds / RELAX));
    return out;
  };

  return {
    indices,
    regions,
    step(values: Float32Array, seen: number, time: Seconds): Float64Array {
      for (let k = 0; k < indices.length; k++) own[k] = float32At(values, at(indices, k));
      const first = lastVisible === undefined;
      const seconds = time - last;
      last = time;
      if (!first && seen < HOLD) return hide(time, seconds);
      if (held) filter.absorb(own);
      held = false;
      lastVisible = time;
      settle(rest, own, first ? Number.POSITIVE_INFINITY : seconds);
      return filter.step(own, time, { trust: seen });
    },
    reset() {
      lastVisible = undefined;
      held = false;
      filter.reset();
    },
  };
}

function settle(rest: Float64Array, values: Float64Array, seconds: Seconds): void {
  for (let k = 0; k < rest.length; k++) {
    const way = float64At(values, k) - float64At(rest, k);
    rest[k] = float64At(rest, k) + way * (1 - Math.exp(-seconds / (way < 0 ? REST.down : REST.up)));
  }
}
