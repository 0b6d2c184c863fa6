import { describe, expect, it } from 'vitest';
import { TakeClock } from '../../../src/app/stage/take-clock';

/** Reads pairs of file time and wall time; returns the times in the recording, from 0. */
function taken(pairs: readonly (readonly [number, number])[]): number[] {
  const clock = new TakeClock();
  const times = pairs.map(([time, wall]) => clock.read(time, wall));
  return times.map((time) => Math.round(100 * (time - (times[0] ?? 0))) / 100);
}

describe('TakeClock', () => {
  it('TK1 follows the file, also where a slow machine shows one frame in two seconds', () => {
    expect(
      taken([
        [5, 100],
        [5.04, 100.04],
        [7.04, 102.1],
      ]),
    ).toEqual([0, 0.04, 2.04]);
  });

  it('TK1 stops during a pause and cuts out seeks', () => {
    expect(
      taken([
        [5, 100],
        [5.04, 130],
        [40, 130.1],
        [2, 130.2],
        [2.04, 130.24],
      ]),
    ).toEqual([0, 0.04, 0.08, 0.12, 0.16]);
  });
});
