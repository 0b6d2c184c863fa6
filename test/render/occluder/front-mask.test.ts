import { expect, it } from 'vitest';
import { frontMask } from '../../../src/render/occluder/front-mask';

it('CM13 hair is in front of the skin only, headwear too, and everything else is in front of both', () => {
  // A hand, hair, a hat over the brow (occluder and own), and nothing.
  const occluder = Uint8Array.of(255, 10, 240, 0);
  const own = Uint8Array.of(0, 250, 255, 0);
  const mask = { width: 2, height: 2, extent: 1, occluder, skin: new Uint8Array(4), own };
  const over = (content: 'skin' | 'head' | undefined) => [...frontMask(mask, content, new Uint8Array(4)).front];
  expect(over('skin')).toEqual([255, 250, 255, 0]);
  expect(over('head')).toEqual([255, 0, 0, 0]);
  expect(over(undefined)).toEqual([255, 10, 240, 0]);
});
