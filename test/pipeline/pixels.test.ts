import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPixelReader } from '../../src/pipeline/pixels';
import { shrink } from '../../src/pipeline/shrink';

interface CopyOptions {
  readonly rect: DOMRectInit;
  readonly format?: string;
}

/** A frame of 8 × 6 grey pixels in main or graphics memory. */
class FakeVideoFrame {
  readonly colorSpace = { matrix: 'smpte170m', fullRange: true };
  readonly visibleRect = { x: 2, y: 0, width: 8, height: 6 };
  readonly displayWidth = 8;
  readonly displayHeight = 6;
  readonly codedHeight = 6;
  readonly copies: CopyOptions[] = [];

  constructor(
    readonly format: string,
    readonly convert: 'rgba' | 'ignores the format' | 'throws' = 'rgba',
  ) {}

  allocationSize({ rect }: CopyOptions): number {
    return Math.ceil((rect.width ?? 0) * (rect.height ?? 0) * 1.5);
  }

  async copyTo(bytes: Uint8Array, options: CopyOptions) {
    this.copies.push(options);
    const size = (options.rect.width ?? 0) * (options.rect.height ?? 0);
    if (options.format && this.convert === 'throws') throw new TypeError('unknown format');
    if (options.format && this.convert === 'rgba') {
      bytes.fill(90);
      return [{ offset: 0, stride: 4 * (options.rect.width ?? 0) }];
    }
    bytes.fill(70, 0, size);
    bytes.fill(128, size);
    const stride = (options.rect.width ?? 0) / 2;
    const luma = { offset: 0, stride: 2 * stride };
    if (this.format === 'NV12') return [luma, { offset: size, stride: 2 * stride }];
    return [luma, { offset: size, stride }, { offset: size * 1.25, stride }];
  }
}

beforeEach(() => vi.stubGlobal('VideoFrame', FakeVideoFrame));
afterEach(() => vi.unstubAllGlobals());

const box = { x: 1, y: 2, width: 3, height: 2 };
const read = (frame: FakeVideoFrame, reader = createPixelReader()) => reader.read(frame as unknown as VideoFrame, box);

describe('createPixelReader', () => {
  it('P13: copies only the box, grown to even numbers, in NV12’s own format', async () => {
    const frame = new FakeVideoFrame('NV12');
    const block = await read(frame);
    expect(frame.copies).toEqual([{ rect: { x: 2, y: 2, width: 4, height: 2 } }]);
    expect(block).toMatchObject({ left: 0, top: 2, width: 4, height: 2 });
    expect([...block.data.subarray(0, 4)]).toEqual([70, 70, 70, 255]);
    expect(block.data).toHaveLength(4 * 2 * 4);
  });

  it('P12: I420 is converted by the browser', async () => {
    const block = await read(new FakeVideoFrame('I420'));
    expect(block.data[0]).toBe(90);
  });

  for (const convert of ['ignores the format', 'throws'] as const) {
    it(`P12: I420 is converted here where the browser ${convert}, which is tried once`, async () => {
      const frame = new FakeVideoFrame('I420', convert);
      const reader = createPixelReader();
      for (let i = 0; i < 2; i++)
        expect([...(await read(frame, reader)).data.subarray(0, 4)]).toEqual([70, 70, 70, 255]);
      expect(frame.copies.map(({ format }) => format)).toEqual(['RGBA', undefined, undefined]);
    });
  }

  it('F1: a closed picture is an error, not a reason for another way to read it', async () => {
    const frame = new FakeVideoFrame('I420');
    frame.copyTo = async () => {
      throw Object.assign(new DOMException('closed', 'InvalidStateError'));
    };
    await expect(read(frame)).rejects.toThrow('closed');
  });
});

/** As in Chromium: a canvas beyond the limits draws nothing, reads as transparent, and stays so. */
class FakeCanvas {
  static readonly sizes: string[] = [];
  #lost = false;
  #drawn = 0;
  constructor(
    public width: number,
    public height: number,
  ) {}

  getContext(_kind: string, { alpha }: { alpha: boolean }) {
    return {
      canvas: this,
      drawImage: () => {
        FakeCanvas.sizes.push(`${this.width}×${this.height}`);
        if (this.width * this.height > 2 ** 28 || this.width > 65535 || this.height > 65535) this.#lost = true;
        this.#drawn = 50;
      },
      getImageData: () => {
        const data = new Uint8ClampedArray(4);
        if (!this.#lost) data.set([this.#drawn, 0, 0, alpha ? this.#drawn : 255]);
        return { data };
      },
    };
  }
}

describe('pictures of all sizes', () => {
  beforeEach(() => {
    FakeCanvas.sizes.length = 0;
    vi.stubGlobal('OffscreenCanvas', FakeCanvas);
  });
  const readSize = (reader: ReturnType<typeof createPixelReader>, width: number, height: number) =>
    reader.read({} as ImageBitmap, { x: 0, y: 0, width, height });

  it('P23: a wide and a tall picture are read, and the one after them; the canvas does not grow in both directions', async () => {
    const reader = createPixelReader();
    for (const [width, height] of [
      [640, 480],
      [20000, 2000],
      [2000, 14000],
      [640, 480],
    ] as const) {
      expect((await readSize(reader, width, height)).data[0]).toBe(50);
    }
    expect(FakeCanvas.sizes).toEqual(['640×480', '20000×2000', '2000×14000', '640×480']);
  });

  it('P23: a picture that cannot be read is an error with its size, and the next one is read', async () => {
    const reader = createPixelReader();
    await expect(readSize(reader, 20000, 14000)).rejects.toThrow('20000 × 14000');
    expect((await readSize(reader, 640, 480)).data[0]).toBe(50);
  });

  it('EN10: a frame that the browser does not copy is drawn, and frames of its format are drawn from then on', async () => {
    const frame = new FakeVideoFrame('BGRA');
    let tries = 0;
    frame.copyTo = async () => {
      tries += 1;
      throw new TypeError('Unable to copy data');
    };
    const reader = createPixelReader();
    for (let i = 0; i < 2; i++) expect((await read(frame, reader)).data[0]).toBe(50);
    expect(tries).toBe(1);
  });

  it('P14: a picture of one row is reduced to one row, not to none', () => {
    const small = shrink({ data: new Uint8ClampedArray(4 * 4096).fill(9), width: 4096, height: 1 }, 10);
    expect([small.width, small.height, small.data[0]]).toEqual([4096, 1, 9]);
  });
});
