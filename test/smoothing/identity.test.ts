import { describe, expect, it } from 'vitest';
import { createPersonFilter } from '../../src/smoothing/identity';
import { seededVector } from '../face/tiny-face-model';

const settings = { sure: 1, follow: Number.POSITIVE_INFINITY };
const person = seededVector(1, 80);
const look = (seed: number, of = person, noise = 0.1) => {
  const tremble = seededVector(seed, 80, noise);
  return of.map((value, i) => value + (tremble[i] as number));
};
const apart = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length);

describe('what belongs to a person', () => {
  it('S4 is the mean of the frames, held after enough of them', () => {
    const filter = createPersonFilter(80, settings);
    let known = filter.step(look(2), 0, 1);
    for (let i = 1; i <= 45; i++) known = filter.step(look(2 + i), i / 30, 1);
    expect(filter.locked).toBe(true);
    expect(apart(known, person)).toBeLessThan(0.02);
    for (let i = 46; i < 90; i++) expect(filter.step(look(2 + i), i / 30, 1)).toEqual(known);
  });

  it('S4 outliers do not count', () => {
    const filter = createPersonFilter(80, settings);
    let known = filter.step(look(2), 0, 1);
    for (let i = 1; i <= 45; i++) known = filter.step(i % 9 === 0 ? seededVector(i, 80) : look(2 + i), i / 30, 1);
    expect(apart(known, person)).toBeLessThan(0.05);
  });

  it('S4 frames of a covered or turned face have little weight', () => {
    const filter = createPersonFilter(80, settings);
    filter.step(look(2), 0, 1);
    const before = filter.step(look(3), 1 / 30, 1);
    expect(filter.step(look(4, person, 0.4), 2 / 30, 0.1)).toEqual(before);
  });

  it('S4 restarts within half a second for another person', () => {
    const filter = createPersonFilter(80, settings);
    for (let i = 0; i <= 45; i++) filter.step(look(2 + i), i / 30, 1);
    const other = seededVector(99, 80);
    let known = person;
    for (let i = 46; i <= 65; i++) known = filter.step(look(2 + i, other), i / 30, 1);
    expect(apart(known, other)).toBeLessThan(0.1);
  });
});
