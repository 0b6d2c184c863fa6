import { float32At } from '../face/at';
import type { FaceMask } from '../face/types';
import { MASK_SIZE } from './network-output';

const CELLS = MASK_SIZE * MASK_SIZE;

/** Network output 2 × 96 × 96 probabilities → bytes. */
export function readMask(output: Float32Array): FaceMask {
  const occluder = new Uint8Array(CELLS);
  const skin = new Uint8Array(CELLS);
  for (let i = 0; i < CELLS; i++) {
    occluder[i] = Math.round(255 * float32At(output, i));
    skin[i] = Math.round(255 * float32At(output, CELLS + i));
  }
  return { width: MASK_SIZE, height: MASK_SIZE, occluder, skin };
}
