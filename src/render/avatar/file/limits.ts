/** Larger files take too long to load. */
export const MOST_BYTES = 100 * 2 ** 20;
/** The JSON part of a file; it is parsed in one go. */
export const MOST_JSON_BYTES = 16 * 2 ** 20;

/** Limits for what is drawn in every frame. A mesh counts for each node that uses it. */
export const MOST_TRIANGLES = 500_000;
export const MOST_DRAWS = 2_000;
/** Numbers in vertex attributes, and in morph targets. */
export const MOST_VERTEX_NUMBERS = 30_000_000;
export const MOST_MORPH_NUMBERS = 120_000_000;

/** Limits for the scene graph: Babylon.js visits it recursively. */
export const MOST_NODES = 10_000;
export const MOST_DEPTH = 500;

/** Pixels of one picture along its longer side, and of all pictures: eight of 4096 × 4096. */
export const MOST_PICTURE_SIDE = 8192;
export const MOST_PICTURE_PIXELS = 8 * 4096 ** 2;
