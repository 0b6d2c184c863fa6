import { describe, expect, it } from 'vitest';
import { createIncreasingTime } from '../../src/capture/increasing-time';

const pass = (times: readonly number[]) => times.map(createIncreasingTime());
const increases = (times: readonly number[]) => times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0));

describe('increasing times', () => {
  it('F11: times that increase are not changed', () => {
    const times = [-0.1, 0, 0.04, 0.5, 0.51];
    expect(pass(times)).toEqual(times);
  });

  it('F11: a repeated time comes half an interval later, before the next frame', () => {
    expect(pass([0, 0.1, 0.1, 0.2])).toEqual([0, 0.1, expect.closeTo(0.15), 0.2]);
  });

  it.each([[[0, 0, 0, 0, 0]], [[0, 0.04, 0.04, 0.04, 0.04, 0.08, 0.12]], [[1, 0.5, 0.6, 2, 1.9, 1.9]]])(
    'F11: any times increase: %j',
    (times) => {
      expect(increases(pass(times))).toBe(true);
    },
  );
});
