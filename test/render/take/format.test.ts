import { describe, expect, it } from 'vitest';
import { chooseFormat, type TakeAbilities, TakeError } from '../../../src/render/take/format';

const SIZE = { width: 640, height: 480 };

function able(videos: readonly string[], sounds: readonly string[]): TakeAbilities {
  return {
    video: async (codec, { alpha }) => videos.includes(alpha === 'keep' ? `${codec}+alpha` : codec),
    audio: async (codec) => sounds.includes(codec),
  };
}

describe('format of a take', () => {
  it('TK3 takes MP4 where H.264 and AAC can be written, else WebM', async () => {
    const wish = { transparent: false, sound: true };
    const all = await chooseFormat(SIZE, wish, able(['avc', 'vp9', 'vp8'], ['aac', 'opus']));
    expect(all).toEqual({ container: 'mp4', video: 'avc', sound: 'aac', alpha: false, lacks: null });
    const free = await chooseFormat(SIZE, wish, able(['avc', 'vp9', 'vp8'], ['opus']));
    expect(free).toMatchObject({ container: 'webm', video: 'vp9', sound: 'opus', lacks: null });
    const silent = await chooseFormat(SIZE, { transparent: false, sound: false }, able(['avc'], []));
    expect(silent).toMatchObject({ container: 'mp4', sound: null, lacks: null });
  });

  it('TK3 keeps what is transparent where the browser can, and says so where it cannot', async () => {
    const wish = { transparent: true, sound: false };
    const clear = await chooseFormat(SIZE, wish, able(['avc', 'vp9', 'vp8', 'vp8+alpha'], []));
    expect(clear).toMatchObject({ container: 'webm', video: 'vp8', alpha: true, lacks: null });
    const black = await chooseFormat(SIZE, wish, able(['avc'], []));
    expect(black).toMatchObject({
      container: 'mp4',
      alpha: false,
      lacks: expect.stringContaining('background is black'),
    });
  });

  it('TK3 records without sound where the browser writes none, and says so', async () => {
    const format = await chooseFormat(SIZE, { transparent: false, sound: true }, able(['vp8'], []));
    expect(format).toMatchObject({ video: 'vp8', sound: null, lacks: expect.stringContaining('cannot record sound') });
  });

  it('TK3 says that a browser without any codec cannot record', async () => {
    await expect(chooseFormat(SIZE, { transparent: true, sound: true }, able([], []))).rejects.toThrow(TakeError);
  });
});
