/** Seeded random numbers. */
export interface Random {
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Gaussian, mean 0, standard deviation 1. */
  normal(): number;
}

/** Mulberry32, from any whole number. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (low, high) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Numbers of a Gaussian, each within `most` standard deviations. */
export function normals(random: Random, length: number, deviation: number, most: number): Float32Array {
  return Float32Array.from({ length }, () => Math.min(most, Math.max(-most, deviation * random.normal())));
}
