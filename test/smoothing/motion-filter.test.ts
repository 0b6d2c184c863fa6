import { describe, expect, it } from 'vitest';
import { createRandom } from '../../bench/truth/random';
import { angleBetween, exponential } from '../../src/face/rotation';
import { createMotionFilter, type MotionFilter } from '../../src/smoothing/motion-filter';
import { createOneEuro } from '../../src/smoothing/one-euro';
import { createRotationFilter } from '../../src/smoothing/smooth-camera';

const settings = { noise: 0.1, wander: 0.1, accelerations: [20, 150] };
const at = (filter: MotionFilter, value: number, i: number, how = {}) => filter.step([value], i / 30, how)[0] as number;

/** Root mean square of the changes from frame to frame at rest under noise. */
function tremble(step: (value: number, time: number) => number, noise: number, frames = 300): number {
  const random = createRandom(5);
  let before = 0;
  let sum = 0;
  for (let i = 0; i < frames; i++) {
    const now = step(3 + noise * random.normal(), i / 30);
    if (i >= 100) sum += (now - before) ** 2;
    before = now;
  }
  return Math.sqrt(sum / (frames - 100));
}

/** A nod of 12 degrees once a second: the worst it is behind the truth, after the start. */
function behind(step: (value: number, time: number) => number): number {
  let most = 0;
  for (let i = 0; i < 120; i++) {
    const truth = i < 30 ? 0 : 12 * Math.sin((2 * Math.PI * (i - 30)) / 30);
    const now = step(truth, i / 30);
    if (i > 40) most = Math.max(most, Math.abs(now - truth));
  }
  return most;
}

const own = (noise = settings.noise) => {
  const filter = createMotionFilter(1, { ...settings, noise });
  return (value: number, time: number) => filter.step([value], time)[0] as number;
};

describe('motion filter', () => {
  it('S15 at rest a fifth of the jitter remains, in motion its lag is smaller than One Euro’s', () => {
    expect(tremble(own(), 0.1)).toBeLessThan(tremble((value) => value, 0.1) / 5);
    const rates = { minCutoff: 1.5, beta: 0.2, speedCutoff: 1 };
    const plain = createOneEuro(rates);
    const other = createOneEuro(rates);
    // One Euro trembles no less at rest …
    expect(tremble((value, time) => plain.step(value, time), 0.1)).toBeGreaterThan(tremble(own(), 0.1));
    // … and comes behind by more than twice as much.
    expect(behind(own())).toBeLessThan(behind((value, time) => other.step(value, time)) / 2);
    expect(behind(own())).toBeLessThan(0.5);
  });

  it('S15 estimates noise larger than expected, and then averages it as well', () => {
    expect(tremble(own(0.1), 0.3, 900)).toBeLessThan(tremble((value) => value, 0.3, 900) / 4);
  });

  it('S15 a jump is followed within three frames', () => {
    const filter = createMotionFilter(1, settings);
    for (let i = 0; i < 30; i++) at(filter, 0, i);
    const now = [30, 31, 32].map((i) => at(filter, 10, i));
    expect(Math.abs((now[2] as number) - 10)).toBeLessThan(1);
  });

  it('S16 a value with trust 0 has no effect', () => {
    const filter = createMotionFilter(1, settings);
    for (let i = 0; i < 30; i++) at(filter, 1, i);
    expect(at(filter, 50, 30, { trust: 0 })).toBeCloseTo(1, 6);
  });

  it('S17 a cover’s offset is not followed, motion under it is, and it is released in three steps', () => {
    const filter = createMotionFilter(1, settings);
    for (let i = 0; i < 30; i++) at(filter, 0, i);
    // The cover comes: 8 off at once.
    for (let i = 30; i < 33; i++) at(filter, 8, i, { push: 6, clear: false });
    for (let i = 33; i < 60; i++) expect(Math.abs(at(filter, 8, i, { clear: false }))).toBeLessThan(0.8);
    // The head moves on by 6 in a second under it.
    let now = 0;
    for (let i = 60; i < 90; i++) now = at(filter, 8 + (6 * (i - 59)) / 30, i, { clear: false });
    expect(now).toBeGreaterThan(5);
    expect(now).toBeLessThan(7);
    // It goes.
    for (let i = 90; i < 93; i++) at(filter, 6, i, { push: 6, clear: false });
    const back = [93, 94, 95].map((i) => at(filter, 6, i));
    expect(Math.abs((back[2] as number) - 6)).toBeLessThan(0.3);
  });

  it('S17 an absorbed offset is released in equal steps', () => {
    const filter = createMotionFilter(1, settings);
    for (let i = 0; i < 30; i++) at(filter, 0, i);
    at(filter, 3, 30, { trust: 0, clear: false });
    filter.absorb([3]);
    const back = [31, 32, 33, 34].map((i) => at(filter, 3, i));
    back.forEach((value, k) => {
      expect(value).toBeCloseTo([1, 2, 3, 3][k] as number, 0.5);
    });
  });
});

describe('rotations', () => {
  it('S2 a rotation passes 180° without a jump', () => {
    const filter = createRotationFilter({ noise: 0.002, wander: 0.002, accelerations: [3] });
    for (let i = 0; i < 60; i++) {
      const truth = exponential([0, 0, 3 + i * 0.01]);
      expect(angleBetween(filter.step(truth, i / 30), truth)).toBeLessThan(0.02);
    }
  });

  it('S2 a quaternion and its negative are the same rotation', () => {
    const filter = createRotationFilter({ noise: 0.002, wander: 0.002, accelerations: [3] });
    const [x, y, z, w] = exponential([0.2, 0.1, 0]);
    const first = filter.step([x, y, z, w], 0);
    expect(angleBetween(filter.step([-x, -y, -z, -w], 0.03), first)).toBeLessThan(1e-9);
  });
});
