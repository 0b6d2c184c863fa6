import { checkOptions, numberFrom } from '../face/check-options';
import { SMOOTHING_GROUPS } from './settings';

const CHECKS = Object.fromEntries(SMOOTHING_GROUPS.map((group) => [group, numberFrom(0, 1)]));

/** Throws RangeError for an unknown group, and for a value that is not from 0 to 1. */
export function checkSmoothing(smoothing: unknown): void {
  checkOptions('smoothing', smoothing, CHECKS);
}
