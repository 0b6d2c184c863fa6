import { describe, expect, it } from 'vitest';
import { spell, startProgress } from '../../tools/track/progress.mjs';

function progress(offset = 0) {
  const written: string[] = [];
  let time = 0;
  const of = { label: 'out', total: 2000, unit: 'images', offset };
  const shown = startProgress(of, {
    isTerminal: false,
    now: () => time,
    write: (text: string) => written.push(text),
  });
  return {
    written,
    at(seconds: number, value: number) {
      time = 1000 * seconds;
      shown.update(value);
    },
  };
}

describe('startProgress', () => {
  it('H12 in a log, a line every ten seconds with the time left', () => {
    const { written, at } = progress();
    for (let second = 1; second <= 25; second += 1) at(second, 10 * second);
    expect(written).toEqual([
      'out: 100/2000 images (5 %), 3 min 10 s left',
      'out: 200/2000 images (10 %), 3 min 0 s left',
    ]);
  });

  it('H12 a run of less than ten seconds prints no line', () => {
    const { written, at } = progress();
    at(9, 2000);
    expect(written).toEqual([]);
  });

  it('H12 what an earlier run has done does not count for the speed', () => {
    const { written, at } = progress(1900);
    at(10, 1950);
    expect(written).toEqual(['out: 1950/2000 images (97 %), 10 s left']);
  });

  it('H12 spells durations', () => {
    expect([4.2, 65, 7300].map(spell)).toEqual(['5 s', '1 min 5 s', '2 h 1 min']);
  });
});
