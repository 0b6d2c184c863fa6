import { byteAt } from '../../face/at';
import type { FaceMask } from '../../face/types';
import type { Attachment } from '../engine/attachment';

/** What is in front of drawn content: 0 to 255, row by row. */
export interface FrontMask extends Pick<FaceMask, 'width' | 'height' | 'extent'> {
  readonly front: Uint8Array;
}

/**
 * What is in front of content with this attachment (see `Attachment`): over skin the occluder and own hair and headwear,
 * over the head the occluder that is not own, without an attachment the occluder. `out` holds one byte per cell.
 */
export function frontMask(mask: FaceMask, over: Attachment | undefined, out: Uint8Array): FrontMask {
  const { width, height, extent, occluder, own } = mask;
  if (over === undefined) return { width, height, extent, front: occluder };
  for (let i = 0; i < occluder.length; i++) {
    const value = byteAt(occluder, i);
    const hair = byteAt(own, i);
    out[i] = over === 'skin' ? Math.max(value, hair) : Math.round((value * (255 - hair)) / 255);
  }
  return { width, height, extent, front: out };
}
