import { at } from '../../src/face/at';
import { createRandom, normals, type Random } from './random';

/** Properties of a person that are constant over a clip. */
export interface Person {
  /** 80, standard deviations. */
  readonly identity: Float32Array;
  /** 10, standard deviations. */
  readonly albedo: Float32Array;
  /** Linear RGB. */
  readonly hair: readonly [number, number, number];
  readonly cloth: readonly [number, number, number];
}

/** Creates a random person; deterministic per seed. */
export function randomPerson(seed: number): Person {
  const random = createRandom(seed);
  const albedo = normals(random, 10, 0.7, 1.6);
  albedo[0] = random.between(-1.2, 1.2);
  const dark = random.between(0.01, 0.12);
  return {
    identity: normals(random, 80, 0.8, 2.2),
    albedo,
    hair: [dark, dark * random.between(0.6, 0.85), dark * random.between(0.35, 0.65)],
    cloth: [random.between(0.02, 0.6), random.between(0.02, 0.6), random.between(0.02, 0.6)],
  };
}

/**
 * Room light: ambient light and two lamps in front, as 27 harmonics without the base. The exposure is that of a typical
 * webcam picture of a face.
 */
export function randomLight(seed: number): Float32Array {
  const random = createRandom(seed ^ 0x11687);
  const total = new Float32Array(27);
  addLamp(total, random, [0, 0, 0], random.between(0.4, 0.8));
  addLamp(total, random, [random.between(-0.9, 0.9), random.between(0.1, 0.8), 1], random.between(0.6, 1.1));
  addLamp(total, random, [random.between(-1, 1), random.between(-0.3, 0.9), 0.6], random.between(0.2, 0.6));
  const ahead = at(total, 0) * 0.282095 + at(total, 2) * 0.488603;
  const exposure = random.between(0.9, 1.15) / ahead;
  return total.map((value, i) => value * exposure - (i % 9 === 0 ? 3.2 : 0));
}

/** Adds the light of one lamp on a matt surface; without a direction it is ambient light. */
function addLamp(total: Float32Array, random: Random, [x, y, z]: [number, number, number], strength: number): void {
  const length = Math.hypot(x, y, z) || 1;
  const [u, v, w] = [x / length, y / length, z / length];
  const warmth = random.between(-0.1, 0.1);
  const tint = [1 + warmth, 1, 1 - warmth];
  const shape = [1, v, w, u, u * v, v * w, 3 * w * w - 1, u * w, u * u - v * v];
  const harmonics = [0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274];
  const matt = [1, 2 / 3, 2 / 3, 2 / 3, 0.25, 0.25, 0.25, 0.25, 0.25];
  const lit = x === 0 && y === 0 && z === 0 ? 1 : 9;
  for (let colour = 0; colour < 3; colour++) {
    for (let k = 0; k < lit; k++) {
      const value = at(shape, k) * at(harmonics, k) * at(matt, k) * strength;
      total[9 * colour + k] = at(total, 9 * colour + k) + at(tint, colour) * value;
    }
  }
}
