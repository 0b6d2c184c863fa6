import { at } from '../../src/face/at';
import { cropToFrame } from '../../src/face/crop-transform';
import type { Crop, FaceMask, Seconds } from '../../src/face/types';
import { createRandom } from '../truth/random';

const CELLS = 96;
/** Standard error of the outline, cells; the maximum is about twice this. */
const OFF = 1.3;
/** Standard deviation of the blur, cells. */
const BLUR = 1.4;
/** Noise of a cell's value from frame to frame. */
const TREMBLE = 0.06;

/**
 * Degrades a ground-truth mask (frame pixels × 255) to a plausible network output: sampled on the crop's grid, with a
 * displaced outline, blur and noise.
 */
export function createRoughMasks(seed: number) {
  const random = createRandom(seed);
  const bumps = Array.from({ length: 7 }, () => ({
    u: random.between(-0.09, 0.09),
    v: random.between(-0.09, 0.09),
    speed: random.between(-2, 2),
    phase: random.between(0, 6.3),
    x: random.normal() * OFF * 0.55,
    y: random.normal() * OFF * 0.55,
  }));
  return (truth: Uint8Array, width: number, height: number, crop: Crop, time: Seconds): FaceMask => {
    const values = new Float32Array(CELLS * CELLS);
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        let u = column;
        let v = row;
        for (const bump of bumps) {
          const swing = Math.sin(bump.u * column + bump.v * row + bump.speed * time + bump.phase);
          u += bump.x * swing;
          v += bump.y * swing;
        }
        values[row * CELLS + column] = cellMean(truth, width, height, crop, u, v);
      }
    }
    const soft = blurred(blurred(values, 1), CELLS);
    const occluder = Uint8Array.from(soft, (value) => {
      const trembling = value + TREMBLE * random.normal() * (0.3 + 2 * value * (1 - value));
      return Math.round(255 * Math.min(1, Math.max(0, trembling)));
    });
    const empty = () => new Uint8Array(CELLS * CELLS);
    return { width: CELLS, height: CELLS, extent: 1, occluder, skin: empty(), own: empty() };
  };
}

/** The truth's mean, 0 to 1, over the 2 × 2 crop pixels of the cell (u, v). */
function cellMean(truth: Uint8Array, width: number, height: number, crop: Crop, u: number, v: number): number {
  const { a, b, x0, y0 } = cropToFrame(crop);
  let sum = 0;
  for (const [du, dv] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const [p, q] = [2 * u + du, 2 * v + dv];
    const x = Math.round(x0 + a * p - b * q);
    const y = Math.round(y0 + b * p + a * q);
    if (x >= 0 && y >= 0 && x < width && y < height) sum += at(truth, y * width + x);
  }
  return sum / (4 * 255);
}

/** A Gaussian along one direction: neighbours are `step` apart. */
function blurred(values: Float32Array, step: number): Float32Array {
  const reach = Math.ceil(2.5 * BLUR);
  return values.map((_, i) => {
    const place = step === 1 ? i % CELLS : Math.floor(i / CELLS);
    let sum = 0;
    let weights = 0;
    for (let k = -reach; k <= reach; k++) {
      if (place + k < 0 || place + k >= CELLS) continue;
      const weight = Math.exp(-(k * k) / (2 * BLUR * BLUR));
      sum += weight * at(values, i + k * step);
      weights += weight;
    }
    return sum / weights;
  });
}
