import { describe, expect, it } from 'vitest';
import { type CanEncode, chooseEncoding, evenSize } from '../../src/offline/render-formats';

const SIZE = { width: 3840, height: 2160 };

function browser(can: (codec: string, width: number, alpha: string) => boolean): CanEncode {
  return async (codec, { width, alpha }) => can(codec, width, alpha);
}

describe('chooseEncoding', () => {
  it('OF5 MP4 is opaque; WebM keeps transparency where the picture has it', async () => {
    const all = browser(() => true);
    expect(await chooseEncoding('mp4', SIZE, true, all)).toMatchObject({ codec: 'avc', alpha: 'discard' });
    expect(await chooseEncoding('webm', SIZE, true, all)).toMatchObject({ codec: 'vp9', alpha: 'keep' });
    expect(await chooseEncoding('webm', SIZE, false, all)).toMatchObject({ codec: 'vp9', alpha: 'discard' });
  });

  it('OF5 takes another codec where the first has no encoder', async () => {
    const none = browser((codec) => codec !== 'avc');
    expect((await chooseEncoding('mp4', SIZE, false, none)).codec).toBe('hevc');
  });

  it.each([
    ['mp4', false, () => false, 'This browser has no encoder for MP4.'],
    ['mp4', false, (_: string, width: number) => width < 2000, 'This browser cannot encode MP4 at 3840 × 2160.'],
    ['webm', true, (_: string, __: number, alpha: string) => alpha === 'discard', 'no encoder for transparent WebM'],
  ] as const)(
    'OF5 %s, transparent: %s: a missing encoder is one sentence with a remedy',
    async (format, transparent, can, text) => {
      const failed = chooseEncoding(format, SIZE, transparent, browser(can));
      await expect(failed).rejects.toThrow(text);
      await expect(failed).rejects.toThrow(/Choose /);
    },
  );

  it('OF5 odd sizes lose a row or column', () => {
    expect(evenSize({ width: 401, height: 300 })).toEqual({ width: 400, height: 300 });
  });
});
