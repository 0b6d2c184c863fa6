import { describe, expect, it } from 'vitest';
import { FrameRate } from '../../../src/app/readings/frame-rate';

describe('frame rate', () => {
  it('A6 is the frame rate over the window', () => {
    const rate = new FrameRate(1000);
    let shown = 0;
    for (let time = 0; time <= 5000; time += 40) shown = rate.add(time);
    expect(shown).toBeCloseTo(25, 6);
    for (let time = 5100; time <= 9000; time += 100) shown = rate.add(time);
    expect(shown).toBeCloseTo(10, 6);
  });

  it('A6 is 0 after a single frame and after a reset', () => {
    const rate = new FrameRate();
    expect(rate.add(10)).toBe(0);
    rate.add(20);
    rate.reset();
    expect(rate.add(30)).toBe(0);
  });
});
