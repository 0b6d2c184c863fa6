import { sh9 } from '../../face/spherical-harmonics';
import { HARMONICS, lightUniform } from './light-uniform';

/**
 * The light that falls on props and avatars: the estimated harmonics, made safe to look at. Pure.
 *
 * Irradiance of a unit normal n = Σ g·Y(n), Y in the order of docs/formats.md; a white surface's linear value.
 */

/** 9 harmonics × (red, green, blue). */
export type Harmonics = Float32Array;

/** A calm studio, grey, from above and in front: what strength 0 stands for. */
const STUDIO: readonly number[] = [3.05, 0.4, 0.5, 0, 0, 0.15, 0, 0, 0];
/** Constant term (grey): a dark room still shows a prop, a glaring one doesn't burn it out. */
const DARKEST = 0.9;
const BRIGHTEST = 5;
/** Natural logarithm of a colour against grey: as estimated up to the knee, never beyond the limit. */
const CAST_KNEE = 0.3;
const CAST_LIMIT = 0.6;
/** The darkest side keeps this share of the mean. */
const SHADE = 0.12;
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;
/** Strength may exaggerate the estimate by half. */
const MOST_STRENGTH = 1.5;
const BAND_0 = 0.282095;
/** Directions over the sphere at which the light is looked at. */
const DIRECTIONS = Array.from({ length: 64 }, (_, i) => {
  const z = 1 - (2 * i + 1) / 64;
  const turned = i * Math.PI * (3 - Math.sqrt(5));
  const radius = Math.sqrt(1 - z * z);
  return [radius * Math.cos(turned), radius * Math.sin(turned), z] as const;
});

const basis = new Float32Array(HARMONICS);
const scratch = new Float32Array(3);

/**
 * `light` as the network gives it (3 colours × 9, without the base, in the crop's axes) as harmonics in the axes of the
 * frame's camera, into `out`. `strength`: 0 a neutral studio, 1 as estimated, up to 1.5; `cropAngle` in radians. Numbers
 * that are not finite count as the studio's; no side is darker than a share of the mean.
 */
export function propHarmonics(light: Float32Array, strength: number, cropAngle: number, out: Harmonics): Harmonics {
  const amount = Math.min(Math.max(strength, 0), MOST_STRENGTH);
  const estimated = lightUniform(light, []);
  for (let k = 0; k < HARMONICS; k++) {
    const studio = STUDIO[k] ?? 0;
    for (let colour = 0; colour < 3; colour++) {
      const value = estimated[4 * k + colour] ?? studio;
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
  evaluate(light, x, y, z, out);
  for (let colour = 0; colour < 3; colour++) out[colour] = Math.max(0, out[colour] ?? 0);
  return out;
}

/** Unit vector to where most light comes from. */
export function brightestDirection(light: Harmonics): [number, number, number] {
  const grey = (k: number) => LUMINANCE.reduce((sum, part, colour) => sum + part * (light[3 * k + colour] ?? 0), 0);
  const [x, y, z] = [grey(3), grey(1), grey(2) + 1e-4];
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** Each colour's mean may differ from grey by a limited factor; its shape stays. */
function limitCast(light: Harmonics): void {
  const constant = [0, 1, 2].map((colour) => Math.max(light[colour] ?? 0, 0.05));
  const grey = constant.reduce((sum, value, colour) => sum + value * (LUMINANCE[colour] ?? 0), 0);
  constant.forEach((value, colour) => {
    const cast = Math.log(value / grey);
    const over = Math.max(Math.abs(cast) - CAST_KNEE, 0);
    const room = CAST_LIMIT - CAST_KNEE;
    const kept = over === 0 ? cast : Math.sign(cast) * (CAST_KNEE + room * Math.tanh(over / room));
    light[colour] = grey * Math.exp(kept);
  });
}

function limitBrightness(light: Harmonics): void {
  const grey = LUMINANCE.reduce((sum, part, colour) => sum + part * (light[colour] ?? 0), 0);
  if (grey > BRIGHTEST) for (let i = 0; i < light.length; i++) light[i] = ((light[i] ?? 0) * BRIGHTEST) / grey;
  if (grey >= DARKEST) return;
  for (let colour = 0; colour < 3; colour++) light[colour] = ((light[colour] ?? 0) * DARKEST) / grey;
}

/** Flattens the light as far as its darkest side needs it. */
function limitShade(light: Harmonics): void {
  let kept = 1;
  for (const [x, y, z] of DIRECTIONS) {
    evaluate(light, x, y, z, scratch);
    for (let colour = 0; colour < 3; colour++) {
      const mean = BAND_0 * (light[colour] ?? 0);
      const drop = mean - (scratch[colour] ?? 0);
      if (drop > 0) kept = Math.min(kept, ((1 - SHADE) * mean) / drop);
    }
  }
  for (let i = 3; i < light.length; i++) light[i] = (light[i] ?? 0) * kept;
}

/** From the crop's axes into the camera's: normals of the crop are those of the camera turned by `angle` about z. */
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
  const [before, other] = [light[a] ?? 0, light[b] ?? 0];
  light[a] = cos * before + sin * other;
  light[b] = cos * other - sin * before;
}

function evaluate(light: Harmonics, x: number, y: number, z: number, out: Float32Array): void {
  sh9(x, y, z, basis);
  for (let colour = 0; colour < 3; colour++) {
    let sum = 0;
    for (let k = 0; k < HARMONICS; k++) sum += (basis[k] ?? 0) * (light[3 * k + colour] ?? 0);
    out[colour] = sum;
  }
}
