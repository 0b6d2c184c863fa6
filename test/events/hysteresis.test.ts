import { describe, expect, it } from 'vitest';
import { createHysteresis, type Threshold } from '../../src/events/hysteresis';

const threshold: Threshold = { on: 0.6, off: 0.4, onFor: 0.2, offFor: 0.1 };

/** Amounts at ten a second; answers with what was told, as phase, its time, when it was told. */
function told(amounts: readonly (number | undefined)[], of: Threshold = threshold): string[] {
  const { step } = createHysteresis(of);
  return amounts.flatMap((amount, i) => {
    const change = step(amount, i / 10);
    return change ? [`${change.phase} ${change.time} at ${i / 10}`] : [];
  });
}

describe('createHysteresis', () => {
  it('E1 E2: starts at the upper threshold and ends below the lower one, each after its delay', () => {
    expect(told([0, 0.6, 0.6, 0.6, 0.5, 0.4, 0.39, 0.3, 0])).toEqual(['start 0.1 at 0.3', 'end 0.6 at 0.7']);
  });

  it('E1: does not change between the thresholds', () => {
    expect(told([0.5, 0.59, 0.5, 0.59])).toEqual([]);
    expect(told([1, 1, 1, 0.5, 0.4, 0.5, 0.4])).toEqual(['start 0 at 0.2']);
  });

  it('E2: shorter changes are not reported, and do not add up', () => {
    expect(told([0, 1, 1, 0, 1, 1, 0])).toEqual([]);
    expect(told([1, 1, 1, 0, 1, 0, 1])).toEqual(['start 0 at 0.2']);
  });

  it('E2: without a delay it is reported at once', () => {
    expect(told([0, 1, 0], { ...threshold, onFor: 0, offFor: 0 })).toEqual(['start 0.1 at 0.1', 'end 0.2 at 0.2']);
  });

  it('E3: without a measurement nothing starts; a state ends after half a second, at the time of the last measurement', () => {
    expect(told([0, 1, undefined, 1, 1, undefined])).toEqual([]);
    expect(told([1, 1, 1, undefined, undefined, 1])).toEqual(['start 0 at 0.2']);
    expect(told([1, 1, 1, ...Array(7).fill(undefined)])).toEqual(['start 0 at 0.2', 'end 0.3 at 0.8']);
  });
});
