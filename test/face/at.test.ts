import { describe, expect, it } from 'vitest';
import { at, byteAt, clampedByteAt, float32At, float64At, uint16At } from '../../src/face/at';

describe('checked reads', () => {
  it.each([
    ['at', (i: number) => at(['a', 'b'], i), ['a', 'b']],
    ['float32At', (i: number) => float32At(Float32Array.of(1.5, -2), i), [1.5, -2]],
    ['float64At', (i: number) => float64At(Float64Array.of(0, 0.1), i), [0, 0.1]],
    ['uint16At', (i: number) => uint16At(Uint16Array.of(0, 65_535), i), [0, 65_535]],
    ['byteAt', (i: number) => byteAt(Uint8Array.of(0, 255), i), [0, 255]],
    ['clampedByteAt', (i: number) => clampedByteAt(Uint8ClampedArray.of(0, 255), i), [0, 255]],
  ])('%s gives the item, and throws before, after and between the items', (_, read, items) => {
    expect([read(0), read(1)]).toEqual(items);
    for (const i of [-1, 2, 0.5, Number.NaN]) {
      expect(() => read(i)).toThrow(new RangeError(`index ${i} is outside an array of length 2`));
    }
  });
});
