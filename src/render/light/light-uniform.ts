/** Added to the constant term of the light, as every bundle's manifest says. */
const LIGHT_BASE = 3.2;
/** Spherical harmonics per colour. */
export const HARMONICS = 9;

/** 3 colours × 9 of the network as 9 × (red, green, blue, 0) with the base, for the shader. */
export function lightUniform(light: Float32Array, out: number[]): number[] {
  for (let k = 0; k < HARMONICS; k++) {
    const base = k === 0 ? LIGHT_BASE : 0;
    for (let colour = 0; colour < 3; colour++) out[4 * k + colour] = (light[HARMONICS * colour + k] ?? 0) + base;
    out[4 * k + 3] = 0;
  }
  return out;
}
