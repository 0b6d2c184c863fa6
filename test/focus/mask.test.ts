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

  it('K1 channel 2 is own hair and headwear; without it nothing is own', () => {
    const output = new Float32Array(3 * CELLS);
    output[2 * CELLS + 9] = 1;
    expect(readMask(output)).toMatchObject({ width: 96, height: 96, extent: 1 });
    expect(readMask(output).own[9]).toBe(255);
    expect(readMask(output.subarray(0, 2 * CELLS)).own).toEqual(new Uint8Array(CELLS));
  });
});
