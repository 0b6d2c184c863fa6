import { describe, expect, it } from 'vitest';
import { MediaClock } from '../../src/capture/media-clock';

function read(clock: MediaClock, ...media: number[]): (number | undefined)[] {
  return media.map((time) => clock.read(time));
}

describe('MediaClock', () => {
  it('F3 times increase over a restart and seeks in both directions, and convert back to the times in the video', () => {
    const clock = new MediaClock();
    const media = [1, 1.04, 1.08, 0, 0.04];
    const times = read(clock, ...media);
    clock.seek(30);
    media.push(30, 30.04);
    times.push(...read(clock, 30, 30.04));
    clock.seek(5);
    media.push(5);
    times.push(...read(clock, 5));
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1] ?? 0);
    times.forEach((time, i) => {
      expect(clock.mediaTime(time ?? Number.NaN)).toBeCloseTo(media[i] ?? Number.NaN, 9);
    });
    expect(times.map((time) => clock.isCut(time ?? Number.NaN))).toEqual([
      ...[false, false, false, true, false],
      ...[true, false],
      true,
    ]);
  });

  it('F12 a step to the next frame is not a cut, and neither is a gap without a seek', () => {
    const clock = new MediaClock();
    read(clock, 1, 1.04);
    clock.seek(1.1);
    const [step] = read(clock, 1.08);
    const [late] = read(clock, 3);
    expect([clock.isCut(step ?? 0), clock.isCut(late ?? 0)]).toEqual([false, false]);
  });

  it('F12 a frame from before a seek, which is presented after it was requested, is not the cut', () => {
    const clock = new MediaClock();
    read(clock, 1);
    clock.seek(20);
    const times = read(clock, 1.04, 20);
    expect(times.map((time) => clock.isCut(time ?? 0))).toEqual([false, true]);
  });

  it('F3 a frame that is presented twice is read once', () => {
    expect(read(new MediaClock(), 2, 2)).toEqual([2, undefined]);
  });
});
