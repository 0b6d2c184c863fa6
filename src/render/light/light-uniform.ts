import { float32At } from '../../face/at';

/** Added to the constant term of the light, see the bundle's manifest. */
const LIGHT_BASE = 3.2;
/** Spherical harmonics per colour. */
export const HARMONICS = 9;

/** 3 colours × 9 of the network as 9 × (red, green, blue, 0) with the base, for the shader. */
export function lightUniform<T extends number[] | Float64Array>(light: Float32Array, out: T): T {
  for (let k = 0; k < HARMONICS; k++) {
    const base = k === 0 ? LIGHT_BASE : 0;
    for (let colour = 0; colour < 3; colour++) out[4 * k + colour] = float32At(light, HARMONICS * colour + k) + base;
    out[4 * k + 3] = 0;
  }
  return out;
}
