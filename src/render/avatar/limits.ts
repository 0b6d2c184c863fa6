/** Larger files take longer to load than people wait. */
export const MOST_BYTES = 100 * 2 ** 20;
/** More triangles, or more numbers in morph targets, are no avatar for every frame. */
export const MOST_TRIANGLES = 500_000;
export const MOST_MORPH_NUMBERS = 120_000_000;
