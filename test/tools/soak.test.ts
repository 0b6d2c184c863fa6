import { describe, expect, it } from 'vitest';
import { judge, table } from '../../tools/soak/judge.mjs';

const MEGABYTE = 2 ** 20;
const level = { frames: 0, sessions: 1, gpu: 40, heap: 8 * MEGABYTE, workerHeap: 6 * MEGABYTE };
const good = {
  before: level,
  after: level,
  covered: 10,
  lost: 10,
  losses: [300, 900],
  errors: [] as string[],
  offWhileHidden: true,
};
const wanted = { rounds: 10, losses: 2 };
const broken = (change: object) => judge({ ...good, ...change }, wanted).flatMap(({ name, ok }) => (ok ? [] : [name]));

describe('judge', () => {
  it('W7: a run that ends as it began is good', () => {
    expect(broken({})).toEqual([]);
    expect(broken({ after: { ...level, heap: 10 * MEGABYTE, gpu: 30 } })).toEqual([]);
  });

  it.each([
    ['frames open at the end', { after: { ...level, frames: 1 } }],
    ['sessions open at the end', { after: { ...level, sessions: 2 } }],
    ['GPU objects of the page at the end', { after: { ...level, gpu: 41 } }],
    ['heap of the page at the end', { after: { ...level, heap: 12 * MEGABYTE } }],
    ['heap of the worker at the end', { after: { ...level, workerHeap: 9 * MEGABYTE } }],
    ['longest time until it was back', { losses: [300, 2100] }],
    ['times the network’s device was lost', { losses: [300] }],
    ['times the face was lost', { lost: 9 }],
    ['times the mouth was covered', { covered: 9 }],
    ['errors of the page', { errors: ['a frame was never closed'] }],
    ['frames tracked while the tab was hidden', { offWhileHidden: false }],
    ['WebGPU devices that came back', { webgpu: { error: 'it did not' } }],
  ])('W7: %s is seen', (name, change) => {
    expect(broken(change)).toEqual([name]);
  });

  it('W7: the table says which does not hold', () => {
    expect(table(judge({ ...good, lost: 3 }, wanted))).toContain('| times the face was lost | 3 | 10 | **no** |');
  });
});
