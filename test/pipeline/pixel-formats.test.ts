import { describe, expect, it } from 'vitest';
import { unpackerOf } from '../../src/pipeline/pixel-formats';

const limited601 = { matrix: 'smpte170m', fullRange: false };
const limited709 = { matrix: 'bt709', fullRange: false };

/** One colour as 2 × 2 pixels of I420. */
function unpackI420(yuv: readonly [number, number, number], kind = limited601): number[] {
  const [y, u, v] = yuv;
  const out = new Uint8ClampedArray(16);
  const planes = [
    { offset: 0, stride: 2 },
    { offset: 4, stride: 1 },
    { offset: 5, stride: 1 },
  ];
  unpackerOf('I420', kind, 480)?.(new Uint8Array([y, y, y, y, u, v]), planes, 2, 2, out);
  return [...out.subarray(12)];
}

describe('unpackerOf', () => {
  it('P12: black, white and grey of limited range', () => {
    expect(unpackI420([16, 128, 128])).toEqual([0, 0, 0, 255]);
    expect(unpackI420([235, 128, 128])).toEqual([255, 255, 255, 255]);
    expect(unpackI420([126, 128, 128])).toEqual([128, 128, 128, 255]);
  });

  it('P12: red, green and blue by BT.601 and BT.709 (values of the recommendations)', () => {
    const near = (seen: number[], wanted: number[]) => {
      for (let i = 0; i < 4; i++) expect(Math.abs((seen[i] ?? 0) - (wanted[i] ?? 0))).toBeLessThanOrEqual(2);
    };
    near(unpackI420([81, 90, 240]), [255, 0, 0, 255]);
    near(unpackI420([145, 54, 34]), [0, 255, 0, 255]);
    near(unpackI420([41, 240, 110]), [0, 0, 255, 255]);
    near(unpackI420([63, 102, 240], limited709), [255, 0, 0, 255]);
    near(unpackI420([173, 42, 26], limited709), [0, 255, 0, 255]);
    near(unpackI420([32, 240, 118], limited709), [0, 0, 255, 255]);
  });

  it('P12: full range goes from 0 to 255', () => {
    const full = { matrix: 'smpte170m', fullRange: true };
    expect(unpackI420([0, 128, 128], full)).toEqual([0, 0, 0, 255]);
    expect(unpackI420([77, 128, 128], full)).toEqual([77, 77, 77, 255]);
    expect(unpackI420([255, 128, 128], full)).toEqual([255, 255, 255, 255]);
  });

  it('P12: without a matrix small pictures are BT.601, large ones BT.709', () => {
    const none = { matrix: null, fullRange: null };
    const planes = [
      { offset: 0, stride: 1 },
      { offset: 1, stride: 1 },
      { offset: 2, stride: 1 },
    ];
    const red = (height: number) => {
      const out = new Uint8ClampedArray(4);
      unpackerOf('I420', none, height)?.(new Uint8Array([81, 90, 240]), planes, 1, 1, out);
      return out[1];
    };
    expect(red(480)).toBeLessThan(3);
    expect(red(1080)).toBeGreaterThan(10);
  });

  it('P12: I420 and NV12 give the same pixels, strides, odd sizes and all', () => {
    const [width, height] = [5, 3];
    const y = Array.from({ length: 18 }, (_, i) => (i * 53) % 220);
    const u = [30, 90, 150, 210, 60, 120];
    const v = [220, 160, 100, 40, 80, 200];
    const planar = new Uint8Array([...y, ...u, 0, ...v]);
    const interleaved = new Uint8Array([...y, ...u.flatMap((value, i) => [value, v[i] ?? 0])]);
    const a = new Uint8ClampedArray(width * height * 4);
    const b = new Uint8ClampedArray(width * height * 4);
    const luma = { offset: 0, stride: 6 };
    unpackerOf('I420', limited601, 480)?.(
      planar,
      [luma, { offset: 18, stride: 3 }, { offset: 25, stride: 3 }],
      width,
      height,
      a,
    );
    unpackerOf('NV12', limited601, 480)?.(interleaved, [luma, { offset: 18, stride: 6 }], width, height, b);
    expect([...a]).toEqual([...b]);
    const at = (x: number, row: number) => [...a.subarray(4 * (row * width + x), 4 * (row * width + x) + 4)];
    expect(at(4, 2)).toEqual(unpackI420([y[16] ?? 0, u[5] ?? 0, v[5] ?? 0]));
    expect(at(1, 1)).toEqual(unpackI420([y[7] ?? 0, u[0] ?? 0, v[0] ?? 0]));
  });

  it('P12: RGB keeps its order and is opaque', () => {
    const pixel = new Uint8Array([9, 1, 2, 3, 100]);
    const planes = [{ offset: 1, stride: 4 }];
    const unpack = (format: string) => {
      const out = new Uint8ClampedArray(4);
      unpackerOf(format, limited601, 480)?.(pixel, planes, 1, 1, out);
      return [...out];
    };
    expect(unpack('RGBA')).toEqual([1, 2, 3, 255]);
    expect(unpack('RGBX')).toEqual([1, 2, 3, 255]);
    expect(unpack('BGRA')).toEqual([3, 2, 1, 255]);
    expect(unpack('BGRX')).toEqual([3, 2, 1, 255]);
  });

  it('P12: other formats have no unpacker', () => {
    expect(unpackerOf('I444', limited601, 480)).toBeUndefined();
    expect(unpackerOf(null, limited601, 480)).toBeUndefined();
  });
});
