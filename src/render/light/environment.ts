import { float32At, float64At } from '../../face/at';
import { brightestDirection, type Harmonics, irradiance } from './safe-harmonics';

/** Reflections of shiny props: the light's colours with a bright window where most light comes from. Pure. */

/** Pixels along a cube face's side. */
export const CUBE_SIZE = 32;
/** Linear value that a byte of 255 stands for. */
export const CUBE_LEVEL = 4;
const GAMMA = 2.2;

/** Directions of a cube face: its axis, its columns (left to right) and its rows (top to bottom). */
interface CubeFace {
  readonly axis: readonly [number, number, number];
  readonly column: readonly [number, number, number];
  readonly row: readonly [number, number, number];
}

/** Order and axes of OpenGL and WebGPU: +x −x +y −y +z −z. */
const FACES: readonly CubeFace[] = [
  { axis: [1, 0, 0], column: [0, 0, -1], row: [0, -1, 0] },
  { axis: [-1, 0, 0], column: [0, 0, 1], row: [0, -1, 0] },
  { axis: [0, 1, 0], column: [1, 0, 0], row: [0, 0, 1] },
  { axis: [0, -1, 0], column: [1, 0, 0], row: [0, 0, -1] },
  { axis: [0, 0, 1], column: [1, 0, 0], row: [0, -1, 0] },
  { axis: [0, 0, -1], column: [-1, 0, 0], row: [0, -1, 0] },
];

/** Cosines of the window's half angle: of its bright centre and of its faded edge. */
const WINDOW = [Math.cos(0.28), Math.cos(0.48)] as const;
/** How much brighter the window is than the wall around it. */
const WINDOW_GAIN = 5;
/** Brightness of the floor relative to the harmonics' value, which is irradiance and too bright there. */
const FLOOR = 0.45;

/** Six RGBA pictures of CUBE_SIZE², to be filled by `paintEnvironment`. */
export function emptyEnvironment(): Uint8Array[] {
  return FACES.map(() => new Uint8Array(4 * CUBE_SIZE * CUBE_SIZE).fill(255));
}

/** Unit direction of each texel, x, y, z, face by face; computed once for all environments. */
let texels: Float64Array | undefined;

function texelDirections(): Float64Array {
  if (texels) return texels;
  const out = new Float64Array(3 * FACES.length * CUBE_SIZE * CUBE_SIZE);
  FACES.forEach(({ axis, column, row }, face) => {
    for (let i = 0; i < CUBE_SIZE * CUBE_SIZE; i++) {
      const s = (2 * ((i % CUBE_SIZE) + 0.5)) / CUBE_SIZE - 1;
      const t = (2 * (Math.floor(i / CUBE_SIZE) + 0.5)) / CUBE_SIZE - 1;
      const x = axis[0] + s * column[0] + t * row[0];
      const y = axis[1] + s * column[1] + t * row[1];
      const z = axis[2] + s * column[2] + t * row[2];
      const length = Math.hypot(x, y, z);
      out.set([x / length, y / length, z / length], 3 * (face * CUBE_SIZE * CUBE_SIZE + i));
    }
  });
  texels = out;
  return out;
}

/** Paints the surroundings of `light` into six pictures, gamma 2.2, value 1 as 255 / CUBE_LEVEL. */
export function paintEnvironment(light: Harmonics, pictures: readonly Uint8Array[]): void {
  const window = windowDirection(light);
  const directions = texelDirections();
  const colour = new Float32Array(3);
  pictures.forEach((picture, face) => {
    for (let i = 0; i < CUBE_SIZE * CUBE_SIZE; i++) {
      const from = 3 * (face * CUBE_SIZE * CUBE_SIZE + i);
      radiance(
        light,
        window,
        float64At(directions, from),
        float64At(directions, from + 1),
        float64At(directions, from + 2),
        colour,
      );
      for (let c = 0; c < 3; c++) {
        picture[4 * i + c] = 255 * Math.min(1, float32At(colour, c) / CUBE_LEVEL) ** (1 / GAMMA);
      }
    }
  });
}

type Direction = readonly [number, number, number];

/** Direction of most light, moved in front of the head: behind it no reflection would show the window. */
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
  for (let c = 0; c < 3; c++) out[c] = gain * float32At(out, c);
}

function ramp(ratio: number): number {
  const t = Math.min(Math.max(ratio, 0), 1);
  return t * t * (3 - 2 * t);
}
