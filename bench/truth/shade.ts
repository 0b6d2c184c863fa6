import { at } from '../../src/face/at';
import { sh9 } from '../../src/face/spherical-harmonics';

/** Added to each colour's constant term (docs/formats.md). */
const BASE = 3.2;

/** Linear light (n × 3) of linear albedo under 27 harmonics (3 colours × 9, without the base), by unit normals. */
export function litColours(albedo: Float32Array, normals: Float32Array, light: Float32Array): Float32Array {
  const out = new Float32Array(albedo.length);
  const harmonics = new Float32Array(9);
  for (let i = 0; i < albedo.length; i += 3) {
    sh9(at(normals, i), at(normals, i + 1), at(normals, i + 2), harmonics);
    for (let colour = 0; colour < 3; colour++) {
      let sum = BASE * 0.282095;
      for (let k = 0; k < 9; k++) sum += at(light, 9 * colour + k) * at(harmonics, k);
      out[i + colour] = Math.max(0, at(albedo, i + colour) * sum);
    }
  }
  return out;
}
