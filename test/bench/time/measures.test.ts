import { describe, expect, it } from 'vitest';
import { coverFigures } from '../../../bench/time/covers';
import { blinkRecall, idsLost } from '../../../bench/time/figures';
import { gatesOf } from '../../../bench/time/gates';
import { jitter, lag, nmj } from '../../../bench/time/measures';
import type { RecordedFace, RecordedTruth, Recording } from '../../../bench/time/recording';
import type { Row } from '../../../bench/time/row';
import { createRandom } from '../../../bench/truth/random';
import { blinkTimes } from '../../../bench/truth/scripts';
import { EXPRESSION_NAMES, REGIONS, type Region } from '../../../src/face/types';
import { sampleFace } from '../../smoothing/sample-face';

const times = Array.from({ length: 120 }, (_, i) => i / 30);
const seen = Object.fromEntries(REGIONS.map((name) => [name, 1])) as Record<Region, number>;

/** 478 points on a circle of 100 pixels, moved aside. */
const points = (aside = 0) =>
  Array.from({ length: 956 }, (_, i) => {
    const angle = (Math.floor(i / 2) / 478) * 2 * Math.PI;
    return i % 2 ? 200 + 50 * Math.sin(angle) : 200 + 50 * Math.cos(angle) + aside;
  });

const truthOf = (visible = 1, x = 0): RecordedTruth => ({
  pose: { rotation: [0, 0, 0, 1], translation: [x, 0, -500] },
  expression: new Array(52).fill(0),
  visibility: seen,
  visible,
  points: points(),
});

const recordingOf = (frames: Recording['frames']): Recording => ({
  clip: 'x',
  seed: 1,
  width: 640,
  height: 480,
  frames,
});

describe('measures of the bench of time', () => {
  it('Z8 a delay is found to the millisecond, whatever size and level', () => {
    const wave = (time: number) => Math.sin(2 * Math.PI * time);
    const late = (delay: number) =>
      lag(
        times,
        times.map((time) => 5 + 0.5 * wave(time - delay)),
        times.map(wave),
      );
    expect(late(0)).toBe(0);
    expect(Math.abs(late(0.04) - 40)).toBeLessThanOrEqual(1);
    expect(Math.abs(late(-0.02) + 20)).toBeLessThanOrEqual(1);
  });

  it('Z9 jitter is the change of the error: a steady error and a true motion are none', () => {
    expect(
      jitter(
        times.map(() => [3, 4, 5] as const),
        30,
      ),
    ).toBe(0);
    const random = createRandom(1);
    const noise = times.map(() => [0.1 * random.normal(), 0, 0] as const);
    expect(jitter(noise, 30)).toBeGreaterThan(0.12);
    expect(jitter(noise, 30)).toBeLessThan(0.17);
    const moving = times.map((_, i) => points(3 * i));
    expect(nmj(moving, moving, 1)).toBe(0);
    // A pixel forth and back on a face of 100: 1 %.
    expect(
      nmj(
        times.map((_, i) => points(3 * i + (i % 2))),
        moving,
        1,
      ),
    ).toBeCloseTo(1, 2);
  });

  it('Z10 drift is told from what is wrong anyway, and recovery from the frame on that stays', () => {
    const covered = (i: number) => i >= 40 && i < 60;
    const truth = times.map((_, i) => truthOf(covered(i) ? 0.5 : 1));
    // 2 pixels off all the time, 8 more under the hand and for two frames after it.
    const own = times.map((_, i) => points(2 + (i >= 40 && i < 62 ? 8 : 0)));
    const figures = coverFigures(times, truth, own, null);
    expect(figures.points).toBeCloseTo((100 * 8) / eyes(), 1);
    expect(figures.recovered).toBe(100);
    const never = coverFigures(
      times,
      truth,
      times.map((_, i) => points(i >= 40 ? 9 : 0)),
      null,
    );
    expect(never.recovered).toBe(Number.POSITIVE_INFINITY);
  });

  it('Z11 a blink that is smoothed away is missed', () => {
    const frames = times.map((time) => ({ time, truth: [truthOf()], faces: [], rival: null }));
    const [first] = blinkTimes(4);
    const lids = (seenBlinks: (start: number) => boolean) =>
      times.map((time) => {
        const shut = blinkTimes(4).some(({ start, length }) => {
          return seenBlinks(start) && time >= start && time <= start + length;
        });
        const expression = Float32Array.from(EXPRESSION_NAMES, (name) => (/Blink/.test(name) && shut ? 0.8 : 0.1));
        return [sampleFace({ expression })];
      });
    const recall = (seenBlinks: (start: number) => boolean) =>
      blinkRecall({ recording: recordingOf(frames), run: { name: 'x', frames: lids(seenBlinks) }, raw: null });
    expect(recall(() => true)).toBe(1);
    expect(recall((start) => start !== first?.start)).toBeCloseTo(0.75, 5);
  });

  it('Z12 ids that are changed or gone after the crossing are lost', () => {
    const face = (id: number, x: number) => ({ ...recordedAt(x), id });
    const at = (ids: [number, number][]) => ({
      time: 0,
      truth: [truthOf(1, -100), truthOf(1, 100)],
      faces: ids.map(([id, x]) => face(id, x)),
      rival: null,
    });
    const start = at([
      [1, -100],
      [2, 100],
    ]);
    const crossing = (end: [number, number][]) => idsLost(recordingOf([start, start, at(end)]));
    expect(
      crossing([
        [2, 100],
        [1, -100],
      ]),
    ).toBe(0);
    expect(
      crossing([
        [1, 100],
        [2, -100],
      ]),
    ).toBe(2);
    expect(
      crossing([
        [1, -100],
        [3, 100],
      ]),
    ).toBe(1);
  });

  it('Z13 gates fail where a figure is over its limit, and need no rival', () => {
    const row = (name: string, rest: number, late: number, drift: number): Row => ({
      name,
      rest: { place: rest, turn: rest, nmj: rest },
      nod: { lag: late, error: 1, off: 0.5 },
      turn: { lag: late, error: 1, off: 0.5 },
      expressionLag: late,
      blinks: 1,
      covers: {},
      drift,
      recovered: 67,
      sample: null,
    });
    const rows = [row('unfiltered', 1, 0, 6), row('One Euro', 0.2, 20, 6), row('Peekaboo', 0.2, 3, 2)];
    expect(gatesOf(rows, 0).map(({ ok }) => ok)).not.toContain(false);
    expect(gatesOf(rows, 0)).toHaveLength(11);
    expect(gatesOf([...rows, row('MediaPipe', 0.1, 0, 5)], 0).filter(({ ok }) => !ok)).toMatchObject([
      { name: expect.stringContaining('MediaPipe'), value: 0.2, limit: 0.1 },
    ]);
    const worse = [row('unfiltered', 1, 0, 6), row('One Euro', 0.2, 20, 6), row('Peekaboo', 0.3, 16, 4)];
    expect(gatesOf(worse, 1).filter(({ ok }) => !ok)).toHaveLength(7);
  });
});

function eyes(): number {
  const at = points();
  return Math.hypot((at[526] as number) - (at[66] as number), (at[527] as number) - (at[67] as number));
}

function recordedAt(x: number): RecordedFace {
  const { camera, crop, state, presence } = sampleFace();
  const pose = { rotation: [0, 0, 0, 1], translation: [x, 0, -500] } as const;
  const none = { identity: [], expression: [], albedo: [], light: [] };
  return { id: 0, state, presence, pose, camera, crop, visibility: seen, ...none };
}
