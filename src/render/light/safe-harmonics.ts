import { at, float32At, float64At } from '../../face/at';
import { sh9 } from '../../face/spherical-harmonics';
import { HARMONICS, lightUniform } from './light-uniform';

/**
 * The light on props and avatars: the estimated harmonics, limited in colour, brightness and contrast. Pure.
 *
 * Irradiance of a unit normal n = Σ g·Y(n), Y in the order of docs/formats.md; the linear value of a white surface.
 */

/** 9 harmonics × (red, green, blue). */
export type Harmonics = Float32Array;

/** The light of strength 0: a grey studio, lit from above and in front. */
const STUDIO: readonly number[] = [3.05, 0.4, 0.5, 0, 0, 0.15, 0, 0, 0];
/** Limits of the constant term (grey): props stay visible in a dark room and keep their colour in a bright one. */
const DARKEST = 0.9;
const BRIGHTEST = 5;
/** Natural logarithm of a colour relative to grey: as estimated up to the knee, compressed to the limit. */
const CAST_KNEE = 0.3;
const CAST_LIMIT = 0.6;
/** Least brightness of the darkest side relative to the mean. */
const SHADE = 0.12;
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;
/** Upper limit of the strength. */
const MOST_STRENGTH = 1.5;
const BAND_0 = 0.282095;
/** Lower limit of a colour's constant term before its logarithm is taken. */
const DARK = 0.05;
/** The nine harmonics at each of 64 directions spread over the sphere. */
const SAMPLES = Array.from({ length: 64 }, (_, i) => {
  const z = 1 - (2 * i + 1) / 64;
  const azimuth = i * Math.PI * (3 - Math.sqrt(5));
  const radius = Math.sqrt(1 - z * z);
  return sh9(radius * Math.cos(azimuth), radius * Math.sin(azimuth), z, new Float32Array(HARMONICS));
});

const basis = new Float32Array(HARMONICS);
const scratch = new Float32Array(3);
const estimated = new Float64Array(4 * HARMONICS);

/**
 * Converts the network's `light` (3 colours × 9, without the base, in the crop's axes) to harmonics in the axes of the
 * frame's camera, into `out`. `strength`: 0 a neutral studio, 1 as estimated, up to 1.5; `cropAngle` in radians. Values
 * that are not finite are replaced by the studio's. No side is darker than a share of the mean.
 */
export function propHarmonics(light: Float32Array, strength: number, cropAngle: number, out: Harmonics): Harmonics {
  const amount = Math.min(Math.max(strength, 0), MOST_STRENGTH);
  lightUniform(light, estimated);
  for (let k = 0; k < HARMONICS; k++) {
    const studio = at(STUDIO, k);
    for (let colour = 0; colour < 3; colour++) {
      const value = float64At(estimated, 4 * k + colour);
      out[3 * k + colour] = studio + amount * ((Number.isFinite(value) ? value : studio) - studio);
    }
  }
  limitCast(out);
  limitBrightness(out);
  limitShade(out);
  return turn(out, cropAngle);
}

/** Linear RGB of a white surface with unit normal (x, y, z), into `out` (3); never negative. */
export function irradiance(light: Harmonics, x: number, y: number, z: number, out: Float32Array): Float32Array {
  evaluate(light, sh9(x, y, z, basis), out);
  for (let colour = 0; colour < 3; colour++) out[colour] = Math.max(0, float32At(out, colour));
  return out;
}

/** Unit vector towards the direction of most light. */
export function brightestDirection(light: Harmonics): [number, number, number] {
  const x = greyOf(light, 3);
  const y = greyOf(light, 1);
  const z = greyOf(light, 2) + 1e-4;
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Luminance of harmonic `k`. */
function greyOf(light: Harmonics, k: number): number {
  let sum = 0;
  for (let colour = 0; colour < 3; colour++) sum += at(LUMINANCE, colour) * float32At(light, 3 * k + colour);
  return sum;
}

/** Limits the factor by which each colour's mean differs from grey. */
function limitCast(light: Harmonics): void {
  let grey = 0;
  for (let colour = 0; colour < 3; colour++) grey += Math.max(float32At(light, colour), DARK) * at(LUMINANCE, colour);
  for (let colour = 0; colour < 3; colour++) {
    const cast = Math.log(Math.max(float32At(light, colour), DARK) / grey);
    const over = Math.max(Math.abs(cast) - CAST_KNEE, 0);
    const room = CAST_LIMIT - CAST_KNEE;
    const kept = over === 0 ? cast : Math.sign(cast) * (CAST_KNEE + room * Math.tanh(over / room));
    light[colour] = grey * Math.exp(kept);
  }
}

function limitBrightness(light: Harmonics): void {
  const grey = greyOf(light, 0);
  if (grey > BRIGHTEST) for (let i = 0; i < light.length; i++) light[i] = (float32At(light, i) * BRIGHTEST) / grey;
  if (grey >= DARKEST) return;
  for (let colour = 0; colour < 3; colour++) light[colour] = (float32At(light, colour) * DARKEST) / grey;
}

/** Flattens the light until its darkest side is bright enough. */
function limitShade(light: Harmonics): void {
  let kept = 1;
  for (let i = 0; i < SAMPLES.length; i++) {
    evaluate(light, at(SAMPLES, i), scratch);
    for (let colour = 0; colour < 3; colour++) {
      const mean = BAND_0 * float32At(light, colour);
      const drop = mean - float32At(scratch, colour);
      if (drop > 0) kept = Math.min(kept, ((1 - SHADE) * mean) / drop);
    }
  }
  for (let i = 3; i < light.length; i++) light[i] = float32At(light, i) * kept;
}

/** From the crop's axes to the camera's. The crop's normals are the camera's, rotated by `angle` about z. */
function turn(light: Harmonics, angle: number): Harmonics {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [cos2, sin2] = [Math.cos(2 * angle), Math.sin(2 * angle)];
  for (let colour = 0; colour < 3; colour++) {
    mix(light, 3 * 3 + colour, 3 * 1 + colour, cos, sin);
    mix(light, 3 * 7 + colour, 3 * 5 + colour, cos, sin);
    mix(light, 3 * 8 + colour, 3 * 4 + colour, cos2, sin2);
  }
  return light;
}

function mix(light: Harmonics, a: number, b: number, cos: number, sin: number): void {
  const before = float32At(light, a);
  const other = float32At(light, b);
  light[a] = cos * before + sin * other;
  light[b] = cos * other - sin * before;
}

/** Linear RGB where the nine harmonics have the values `harmonics`, into `out` (3). */
function evaluate(light: Harmonics, harmonics: Float32Array, out: Float32Array): void {
  for (let colour = 0; colour < 3; colour++) {
    let sum = 0;
    for (let k = 0; k < HARMONICS; k++) sum += float32At(harmonics, k) * float32At(light, 3 * k + colour);
    out[colour] = sum;
  }
}
