import { at } from '../../src/face/at';
import { createRandom } from './random';

/** A wall with shelves and pictures: width × height × 3 linear RGB, the same for the same seed. */
export function backdrop(width: number, height: number, seed: number): Float32Array {
  const random = createRandom(seed ^ 0xbac4);
  const out = new Float32Array(width * height * 3);
  const wall = [random.between(0.15, 0.6), random.between(0.15, 0.6), random.between(0.15, 0.6)];
  const waves = Array.from({ length: 6 }, () => ({
    u: random.between(-12, 12) / width,
    v: random.between(-12, 12) / height,
    phase: random.between(0, 6.3),
    size: random.between(0.02, 0.08),
  }));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let shade = 1 - (0.35 * y) / height;
      for (const { u, v, phase, size } of waves) shade += size * Math.sin(2 * Math.PI * (u * x + v * y) + phase);
      for (let k = 0; k < 3; k++) out[3 * (y * width + x) + k] = at(wall, k) * shade;
    }
  }
  for (let i = 0; i < 14; i++) {
    const box = {
      x: Math.floor(random.between(-0.1, 0.95) * width),
      y: Math.floor(random.between(-0.1, 0.9) * height),
      width: Math.floor(random.between(0.02, 0.25) * width),
      height: Math.floor(random.between(0.03, 0.3) * height),
      colour: [random.between(0.02, 0.7), random.between(0.02, 0.7), random.between(0.02, 0.7)],
    };
    paint(out, width, height, box);
  }
  return out;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: readonly number[];
}

function paint(out: Float32Array, width: number, height: number, box: Box): void {
  for (let y = Math.max(0, box.y); y < Math.min(height, box.y + box.height); y++) {
    for (let x = Math.max(0, box.x); x < Math.min(width, box.x + box.width); x++) {
      const shade = 0.8 + (0.4 * (x - box.x)) / box.width;
      for (let k = 0; k < 3; k++) out[3 * (y * width + x) + k] = shade * at(box.colour, k);
    }
  }
}
