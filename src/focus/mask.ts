import { float32At } from '../face/at';
import type { FaceMask } from '../face/types';
import { MASK_CELLS, MASK_SIZE } from './network-output';

/** The network's mask, 2 or 3 channels × 96 × 96 probabilities → bytes. Without a third channel nothing is own. */
export function readMask(output: Float32Array): FaceMask {
  const channel = (index: number) => {
    const bytes = new Uint8Array(MASK_CELLS);
    const first = index * MASK_CELLS;
    if (first >= output.length) return bytes;
    for (let i = 0; i < MASK_CELLS; i++) bytes[i] = Math.round(255 * float32At(output, first + i));
    return bytes;
  };
  const [occluder, skin, own] = [channel(0), channel(1), channel(2)];
  return { width: MASK_SIZE, height: MASK_SIZE, extent: 1, occluder, skin, own };
}
