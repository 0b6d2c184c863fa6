import { describe, expect, it } from 'vitest';
import { packMask, unpackMask } from '../../src/offline/packed-mask';

function channel(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * seed) % 256);
}

describe('packMask', () => {
  it.each([
    [96, 96, 1],
    [144, 144, 1.5],
    [3, 2, 1],
  ])('OF1 gives back a mask of %i × %i cells', (width, height, extent) => {
    const size = width * height;
    const mask = { width, height, extent, occluder: channel(size, 7), skin: channel(size, 3), own: channel(size, 0) };
    expect(unpackMask(packMask(mask))).toEqual(mask);
  });

  it.each([0, 8, 20])('OF1 rejects the first %i bytes of a mask', (length) => {
    const size = 100;
    const mask = {
      width: 10,
      height: 10,
      extent: 1,
      occluder: channel(size, 7),
      skin: channel(size, 3),
      own: channel(size, 5),
    };
    expect(() => unpackMask(packMask(mask).subarray(0, length))).toThrow();
  });
});
