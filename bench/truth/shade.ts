import { sh9 } from '../../src/face/spherical-harmonics';

/** On each colour's constant term, as docs/formats.md has it. */
const BASE = 3.2;

/** Linear light (n × 3) of linear albedo under 27 harmonics (3 colours × 9, without the base), by unit normals. */
export function litColours(albedo: Float32Array, normals: Float32Array, light: Float32Array): Float32Array {
  const out = new Float32Array(albedo.length);
  const harmonics = new Float32Array(9);
  for (let i = 0; i < albedo.length; i += 3) {
    sh9(normals[i] as number, normals[i + 1] as number, normals[i + 2] as number, harmonics);
    for (let colour = 0; colour < 3; colour++) {
      let sum = BASE * 0.282095;
      for (let k = 0; k < 9; k++) sum += (light[9 * colour + k] as number) * (harmonics[k] as number);
      out[i + colour] = Math.max(0, (albedo[i + colour] as number) * sum);
    }
  }
  return out;
}
