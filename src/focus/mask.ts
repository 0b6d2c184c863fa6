import type { FaceMask } from '../face/types';

const SIZE = 96;
const CELLS = SIZE * SIZE;

/** Network output 2 × 96 × 96 probabilities → bytes. */
export function readMask(output: Float32Array): FaceMask {
  const occluder = new Uint8Array(CELLS);
  const skin = new Uint8Array(CELLS);
  for (let i = 0; i < CELLS; i++) {
    occluder[i] = Math.round(255 * (output[i] as number));
    skin[i] = Math.round(255 * (output[CELLS + i] as number));
  }
  return { width: SIZE, height: SIZE, occluder, skin };
}
