import { describe, expect, it } from 'vitest';
import { TakeClock } from '../../../src/app/stage/takes';

/** Reads pairs of a file's time and the wall's; the times in the take, from 0. */
function taken(pairs: readonly (readonly [number, number])[]): number[] {
  const clock = new TakeClock();
  const times = pairs.map(([time, wall]) => clock.read(time, wall));
  return times.map((time) => Math.round(100 * (time - (times[0] ?? 0))) / 100);
}

describe('clock of a take', () => {
  it('TK1 goes with the file, also where a slow machine shows a picture in two seconds only', () => {
    expect(
      taken([
        [5, 100],
        [5.04, 100.04],
        [7.04, 102.1],
      ]),
    ).toEqual([0, 0.04, 2.04]);
  });

  it('TK1 stands still in a pause, and leaves jumps out', () => {
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
