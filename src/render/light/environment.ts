import { brightestDirection, type Harmonics, irradiance } from './safe-harmonics';

/** What shiny props mirror: the light's own colours with a bright window where most light comes from. Pure. */

/** Pixels along a cube face's side. */
export const CUBE_SIZE = 32;
/** Linear value that a byte of 255 stands for. */
export const CUBE_LEVEL = 4;
const GAMMA = 2.2;

/** The directions of a cube face: its axis, and those of its columns (left to right) and rows (top to bottom). */
interface CubeFace {
  readonly axis: readonly [number, number, number];
  readonly column: readonly [number, number, number];
  readonly row: readonly [number, number, number];
}

/** In the order and with the axes that OpenGL and WebGPU share: +x −x +y −y +z −z. */
const FACES: readonly CubeFace[] = [
  { axis: [1, 0, 0], column: [0, 0, -1], row: [0, -1, 0] },
  { axis: [-1, 0, 0], column: [0, 0, 1], row: [0, -1, 0] },
  { axis: [0, 1, 0], column: [1, 0, 0], row: [0, 0, 1] },
  { axis: [0, -1, 0], column: [1, 0, 0], row: [0, 0, -1] },
  { axis: [0, 0, 1], column: [1, 0, 0], row: [0, -1, 0] },
  { axis: [0, 0, -1], column: [-1, 0, 0], row: [0, -1, 0] },
];

/** Half the angle of the window's bright middle, and where it has faded, as cosines. */
const WINDOW = [Math.cos(0.28), Math.cos(0.48)] as const;
/** The window is this much brighter than the wall around it. */
const WINDOW_GAIN = 5;
/** A floor is darker than what the harmonics, which know irradiance alone, make of it. */
const FLOOR = 0.45;

/** Six RGBA pictures of CUBE_SIZE², made once and written anew by `paintEnvironment`. */
export function emptyEnvironment(): Uint8Array[] {
  return FACES.map(() => new Uint8Array(4 * CUBE_SIZE * CUBE_SIZE).fill(255));
}

/** Paints the surroundings of `light` into six pictures, gamma 2.2, value 1 as 255 / CUBE_LEVEL. */
export function paintEnvironment(light: Harmonics, pictures: readonly Uint8Array[]): void {
  const window = windowDirection(light);
  const colour = new Float32Array(3);
  FACES.forEach(({ axis, column, row }, index) => {
    const picture = pictures[index];
    for (let i = 0; picture && i < CUBE_SIZE * CUBE_SIZE; i++) {
      const s = (2 * ((i % CUBE_SIZE) + 0.5)) / CUBE_SIZE - 1;
      const t = (2 * (Math.floor(i / CUBE_SIZE) + 0.5)) / CUBE_SIZE - 1;
      const x = axis[0] + s * column[0] + t * row[0];
      const y = axis[1] + s * column[1] + t * row[1];
      const z = axis[2] + s * column[2] + t * row[2];
      const length = Math.hypot(x, y, z);
      radiance(light, window, x / length, y / length, z / length, colour);
      for (let c = 0; c < 3; c++) {
        picture[4 * i + c] = 255 * Math.min(1, (colour[c] ?? 0) / CUBE_LEVEL) ** (1 / GAMMA);
      }
    }
  });
}

type Direction = readonly [number, number, number];

/** Where most light comes from, but never behind the head, where no mirror shows it. */
function windowDirection(light: Harmonics): Direction {
  const [x, y, z] = brightestDirection(light);
  const front = Math.max(z, 0.25);
  const length = Math.hypot(x, y, front);
  return [x / length, y / length, front / length];
}

function radiance(light: Harmonics, window: Direction, x: number, y: number, z: number, out: Float32Array): void {
  irradiance(light, x, y, z, out);
  const facing = x * window[0] + y * window[1] + z * window[2];
  const lit = ramp((facing - WINDOW[1]) / (WINDOW[0] - WINDOW[1]));
  const height = ramp((y + 0.5) / 0.7);
  const gain = (FLOOR + (1 - FLOOR) * height) * (1 + WINDOW_GAIN * lit);
  for (let c = 0; c < 3; c++) out[c] = gain * (out[c] ?? 0);
}

function ramp(ratio: number): number {
  const t = Math.min(Math.max(ratio, 0), 1);
  return t * t * (3 - 2 * t);
}
