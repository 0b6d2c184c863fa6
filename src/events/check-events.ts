import { checkOptions, numberFrom, OBJECT } from '../face/check-options';
import { STATE_KINDS, STATE_RULES } from './event-kinds';
import type { Threshold } from './hysteresis';

const KIND_CHECKS = Object.fromEntries(STATE_KINDS.map((kind) => [kind, OBJECT]));
const SPAN = numberFrom(0, Number.POSITIVE_INFINITY);
const THRESHOLD_CHECKS = { on: numberFrom(0, 1), off: numberFrom(0, 1), onFor: SPAN, offFor: SPAN };

/**
 * Throws RangeError for an unknown kind of event or member of a threshold, for a value out of range, and for a threshold
 * whose `off` is not below its `on`.
 */
export function checkEventOptions(options: { readonly thresholds?: unknown }): void {
  checkOptions('options', options, { thresholds: OBJECT });
  if (options.thresholds === undefined) return;
  const thresholds = options.thresholds as Partial<Record<string, Partial<Threshold>>>;
  checkOptions('thresholds', thresholds, KIND_CHECKS);
  for (const kind of STATE_KINDS) {
    const own = thresholds[kind];
    if (!own) continue;
    checkOptions(`thresholds.${kind}`, own, THRESHOLD_CHECKS);
    const { on, off } = { ...STATE_RULES[kind].threshold, ...own };
    if (!(off < on)) throw new RangeError(`thresholds.${kind}.off must be below its on (${on}), not ${off}`);
  }
}
