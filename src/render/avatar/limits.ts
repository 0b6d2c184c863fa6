/** Larger files take too long to load. */
export const MOST_BYTES = 100 * 2 ** 20;
/** Limits for drawing in every frame. */
export const MOST_TRIANGLES = 500_000;
export const MOST_MORPH_NUMBERS = 120_000_000;
