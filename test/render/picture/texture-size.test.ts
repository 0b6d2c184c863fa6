import { describe, expect, it } from 'vitest';
import { textureSize } from '../../../src/render/picture/texture-size';

const LARGE = 16384;

describe('textureSize', () => {
  it('R12 leaves a frame its size where the GPU holds it', () => {
    expect(textureSize({ width: 1920, height: 1080 }, LARGE)).toEqual({ width: 1920, height: 1080 });
    expect(textureSize({ width: 4096, height: 4096 }, LARGE)).toEqual({ width: 4096, height: 4096 });
  });

  it('R12 shrinks a larger one in its shape, to 4096 or what the GPU holds', () => {
    expect(textureSize({ width: 12288, height: 6144 }, LARGE)).toEqual({ width: 4096, height: 2048 });
    expect(textureSize({ width: 3000, height: 6000 }, 2048)).toEqual({ width: 1024, height: 2048 });
  });

  it('R12 leaves at least one pixel', () => {
    expect(textureSize({ width: 60000, height: 2 }, LARGE)).toEqual({ width: 4096, height: 1 });
  });
});
