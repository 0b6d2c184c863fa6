import { describe, expect, it } from 'vitest';
import { readMask } from '../../src/focus/mask';

const CELLS = 96 * 96;

describe('mask', () => {
  it('K1 channel 0 is the occluder, channel 1 the skin, as bytes', () => {
    const output = new Float32Array(2 * CELLS);
    output[5] = 1;
    output[CELLS + 7] = 0.5;
    const { occluder, skin } = readMask(output);
    expect([occluder[5], occluder[7], skin[5], skin[7]]).toEqual([255, 0, 0, 128]);
  });
});
