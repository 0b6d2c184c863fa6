import { describe, expect, inject, it } from 'vitest';
import { judge } from '../../tools/soak/judge.mjs';
import { soak } from '../../tools/soak/run.mjs';

/** Limit for the network's recovery, milliseconds: opening a network takes long on a busy machine. */
const BACK = 10_000;

describe('soak', () => {
  it('W7 nothing leaks in 15 s in which the face, the device, the camera and the tab are interrupted', async () => {
    const result = await soak({
      origin: inject('origin'),
      bundle: inject('bundle'),
      minutes: 0.25,
      rounds: 1,
      losses: 2,
      unplugs: 1,
      hides: 1,
      webgpu: false,
    });
    const gates = judge(result, { rounds: 1, losses: 2 }, BACK);
    expect(gates.filter(({ ok }) => !ok)).toEqual([]);
  }, 240_000);
});
