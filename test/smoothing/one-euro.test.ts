import { OneEuroFilter } from '1eurofilter';
import { describe, expect, it } from 'vitest';
import { angleBetween, exponential } from '../../src/face/rotation';
import { createPersonFilter } from '../../src/smoothing/identity';
import { createLowPass } from '../../src/smoothing/low-pass';
import { createMotionFilter } from '../../src/smoothing/motion-filter';
import { createOneEuro, createVectorOneEuro } from '../../src/smoothing/one-euro';
import { createRotationOneEuro } from '../../src/smoothing/rotation';
import { seeded } from '../face/tiny-face-model';

const settings = { minCutoff: 1.2, beta: 0.7, speedCutoff: 1.5 };

/** 1,000 noisy samples at uneven times. */
function signal(seed: number): [number, number][] {
  const random = seeded(seed);
  let time = 5;
  return Array.from({ length: 1000 }, () => {
    time += 0.01 + 0.02 * (random() + 1);
    return [Math.sin(time * 2) * 3 + (Math.floor(time) % 7 === 0 ? 2 : 0) + 0.2 * random(), time];
  });
}

describe('One Euro', () => {
  it('S1 equals the published filter on 1,000 uneven samples', () => {
    const published = new OneEuroFilter(60, settings.minCutoff, settings.beta, settings.speedCutoff);
    const own = createOneEuro(settings);
    for (const [value, time] of signal(1)) expect(own.step(value, time)).toBeCloseTo(published.filter(value, time), 10);
  });

  it('S1 each value of a vector is filtered separately', () => {
    const vector = createVectorOneEuro(2, settings);
    const first = createOneEuro(settings);
    const second = createOneEuro(settings);
    const [a, b] = [signal(1), signal(2)];
    a.slice(0, 100).forEach(([value, time], i) => {
      const other = b[i]?.[0] as number;
      expect([...Array.from(vector.step([value, other], time))]).toEqual([
        first.step(value, time),
        second.step(other, time),
      ]);
    });
  });

  it('S1 about one axis the rotation filter equals the scalar filter of the angle', () => {
    const rotation = createRotationOneEuro(settings);
    const scalar = createOneEuro(settings);
    for (const [value, time] of signal(3).slice(0, 300)) {
      const angle = value / 4;
      const wanted = scalar.step(angle, time);
      expect(angleBetween(rotation.step(exponential([0, angle, 0]), time), exponential([0, wanted, 0]))).toBeLessThan(
        1e-6,
      );
    }
  });

  it('S2 a rotation passes 180° without a jump', () => {
    const filter = createRotationOneEuro(settings);
    let before = filter.step(exponential([0, 0, 3]), 0);
    for (let i = 1; i < 60; i++) {
      const now = filter.step(exponential([0, 0, 3 + i * 0.01]), i / 30);
      expect(angleBetween(now, before)).toBeLessThan(0.02);
      before = now;
    }
    expect(angleBetween(before, exponential([0, 0, 3.59]))).toBeLessThan(0.1);
  });

  it('S2 a quaternion and its negative are the same rotation', () => {
    const filter = createRotationOneEuro(settings);
    const [x, y, z, w] = exponential([0.2, 0.1, 0]);
    const first = filter.step([x, y, z, w], 0);
    expect(angleBetween(filter.step([-x, -y, -z, -w], 0.03), first)).toBeLessThan(1e-9);
  });
});

describe('time', () => {
  const filters: [string, { step(time: number): unknown; reset(): void }][] = [
    ['scalar', wrap(createOneEuro(settings), 1)],
    ['vector', wrap(createVectorOneEuro(1, settings), [1])],
    ['rotation', wrap(createRotationOneEuro(settings), exponential([0, 1, 0]))],
    ['low-pass', wrap(createLowPass(1, 1), [1])],
    ['motion', wrap(createMotionFilter(1, { noise: 1, wander: 1, accelerations: [1] }), [1])],
    ['person', personFilter()],
  ];
  function wrap<T>(filter: { step(value: T, time: number): unknown; reset(): void }, value: T) {
    return { step: (time: number) => filter.step(value, time), reset: () => filter.reset() };
  }

  function personFilter() {
    const filter = createPersonFilter(1, { sure: 1, follow: 1 });
    return { step: (time: number) => filter.step(Float32Array.of(1), time, 1), reset: () => filter.reset() };
  }

  it.each(filters)('S3 the %s filter refuses an equal or earlier time', (_, filter) => {
    filter.step(1);
    filter.step(1.03);
    expect(() => filter.step(1.03)).toThrow(RangeError);
    expect(() => filter.step(0.9)).toThrow(/not later/);
    filter.step(1.06);
    filter.reset();
    expect(() => filter.step(0)).not.toThrow();
  });
});

describe('low-pass', () => {
  it('S4 a low-pass reaches 63 % of a step after its time constant', () => {
    const filter = createLowPass(1, 1 / (2 * Math.PI));
    filter.step([0], 0);
    let value = 0;
    for (let i = 1; i <= 1000; i++) value = filter.step([1], i / 1000)[0] as number;
    expect(value).toBeCloseTo(1 - Math.exp(-1), 2);
  });
});
