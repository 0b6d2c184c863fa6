import { describe, expect, it } from 'vitest';
import { sh9 } from '../../../src/face/spherical-harmonics';
import { CUBE_LEVEL, CUBE_SIZE, emptyEnvironment, paintEnvironment } from '../../../src/render/light/environment';
import { brightestDirection, irradiance, propHarmonics } from '../../../src/render/light/safe-harmonics';

/** Warm, from the subject's right (the picture's left) and above. */
const LIGHT = Float32Array.from(
  [
    [0.2, 0.4, 0.3, -0.6, 0.05, 0.2, -0.06, -0.12, -0.1],
    [0, 0.4, 0.3, -0.55, 0.05, 0.2, -0.06, -0.12, -0.1],
    [-0.3, 0.35, 0.25, -0.5, 0.05, 0.2, -0.06, -0.12, -0.1],
  ].flat(),
);
const BASE = 3.2;
const DIRECTIONS = [
  [0, 0, 1],
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0.6, 0.48, 0.64],
  [-0.36, 0.8, -0.48],
] as const;

/** The formula of docs/formats.md, term by term. */
function formula(light: Float32Array, x: number, y: number, z: number): number[] {
  const basis = sh9(x, y, z, new Float32Array(9));
  return [0, 1, 2].map((colour) =>
    basis.reduce((sum, value, k) => sum + value * ((light[9 * colour + k] ?? 0) + (k === 0 ? BASE : 0)), 0),
  );
}

function harmonics(light: Float32Array, strength = 1, angle = 0): Float32Array {
  return propHarmonics(light, strength, angle, new Float32Array(27));
}

function lit(light: Float32Array, x: number, y: number, z: number): number[] {
  return [...irradiance(light, x, y, z, new Float32Array(3))];
}

const grey = (colour: readonly number[]) => colour.reduce((sum, value) => sum + value, 0) / 3;

describe('propHarmonics', () => {
  it('PL1 gives the estimated light at strength 1', () => {
    for (const [x, y, z] of DIRECTIONS) {
      const wanted = formula(LIGHT, x, y, z).map((value) => expect.closeTo(value, 4));
      expect(lit(harmonics(LIGHT), x, y, z)).toEqual(wanted);
    }
  });

  it('PL1 is a neutral studio at strength 0, whatever was estimated', () => {
    const studio = harmonics(LIGHT, 0);
    expect(studio).toEqual(harmonics(new Float32Array(27).fill(0.7), 0));
    for (const [x, y, z] of DIRECTIONS) {
      const [red = 0, green, blue] = lit(studio, x, y, z);
      expect([green, blue]).toEqual([expect.closeTo(red, 5), expect.closeTo(red, 5)]);
    }
    expect(lit(studio, -1, 0, 0)).toEqual(lit(studio, 1, 0, 0));
  });

  it('PL1 exaggerates up to strength 1.5 and no further', () => {
    const contrast = (light: Float32Array) => grey(lit(light, -1, 0, 0)) / grey(lit(light, 1, 0, 0));
    expect(contrast(harmonics(LIGHT, 1.5))).toBeGreaterThan(1.1 * contrast(harmonics(LIGHT, 1)));
    expect(harmonics(LIGHT, 9)).toEqual(harmonics(LIGHT, 1.5));
  });

  it('PL2 takes the crop’s turn back: the light stays where it is in the frame', () => {
    for (const angle of [0.4, -1.2]) {
      const turned = harmonics(LIGHT, 1, angle);
      for (const [x, y, z] of DIRECTIONS) {
        const inCrop = [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y] as const;
        const wanted = formula(LIGHT, inCrop[0], inCrop[1], z).map((value) => expect.closeTo(value, 4));
        expect(lit(turned, x, y, z)).toEqual(wanted);
      }
    }
  });

  it.each([
    ['black', new Float32Array(27).fill(-3.2)],
    ['dark', Float32Array.from({ length: 27 }, (_, i) => (i % 9 === 0 ? -3.1 : 0.4))],
    ['from one side alone', Float32Array.from({ length: 27 }, (_, i) => (i % 9 === 3 ? 4 : 0))],
    ['glaring', new Float32Array(27).fill(40)],
    ['no numbers', new Float32Array(27).fill(Number.NaN)],
  ])('PL3 keeps every side of a prop visible and none burnt out in a light that is %s', (_, light) => {
    const safe = harmonics(light, 1.5);
    const seen = DIRECTIONS.map(([x, y, z]) => lit(safe, x, y, z));
    expect(Math.min(...seen.flat())).toBeGreaterThan(0.015);
    expect(Math.max(...seen.flat())).toBeLessThan(4);
    expect(grey(seen.map(grey))).toBeGreaterThan(0.2);
  });

  it('PL3 keeps a colour cast within bounds, and leaves a usual one alone', () => {
    const red = Float32Array.from(LIGHT);
    red[0] = 6;
    red[18] = -3;
    const [r = 0, , b = 0] = harmonics(red);
    expect(r / b).toBeLessThan(3.5);
    expect(r / b).toBeGreaterThan(2);
  });
});

describe('paintEnvironment', () => {
  /** Mean of each picture's bytes: +x −x +y −y +z −z. */
  function means(light: Float32Array): number[] {
    const pictures = emptyEnvironment();
    paintEnvironment(light, pictures);
    return pictures.map((picture) => picture.reduce((sum, byte) => sum + byte, 0) / picture.length);
  }

  it('PL4 mirrors the light’s side: left light, bright on the left', () => {
    const [right = 0, left = 0, top = 0, bottom = 0] = means(harmonics(LIGHT));
    expect(left).toBeGreaterThan(right + 10);
    expect(top).toBeGreaterThan(bottom + 10);
  });

  it('PL4 has a window where most light comes from, never behind the head', () => {
    const behind = Float32Array.from(LIGHT);
    for (let colour = 0; colour < 3; colour++) behind[9 * colour + 2] = -1.5;
    const light = harmonics(behind);
    expect(brightestDirection(light)[2]).toBeLessThan(0);
    const pictures = emptyEnvironment();
    paintEnvironment(light, pictures);
    const white = pictures.map((picture) => picture.filter((byte) => byte > 200).length - CUBE_SIZE * CUBE_SIZE);
    const [, left = 0, , , , back = 0] = white;
    expect(left).toBeGreaterThan(0);
    expect(back).toBeLessThan(left);
  });

  it('PL4 writes linear values with gamma 2.2 over its level', () => {
    const pictures = emptyEnvironment();
    const even = new Float32Array(27);
    even.fill(1 / 0.282095, 0, 3);
    paintEnvironment(even, pictures);
    // The middle of +y: a wall's value, not the window, not the floor.
    const middle = 4 * (CUBE_SIZE * (CUBE_SIZE / 2) + CUBE_SIZE / 2);
    expect(pictures[2]?.[middle]).toBe(Math.floor(255 * (1 / CUBE_LEVEL) ** (1 / 2.2)));
  });
});
