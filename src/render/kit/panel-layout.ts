/** Relative to the canvas height: maximum side of a panel, and distance from one panel of a column to the next. */
const SIDE = 0.3;
const STEP = 1.1;
const MARGIN = 0.02;
/** Relative to a panel's side: distance between the columns of two faces, and margin before the first. */
const COLUMN = 1.07;
const EDGE = 0.07;

/** Left, top, width and height in clip space, y up. */
export type ClipBox = readonly [number, number, number, number];

/**
 * Position of a face's panel: each face has a column, from the left. The panels are square and as large as all columns
 * on the canvas allow; the canvas width is `aspect` times its height.
 */
export function panelBox(number: number, place: number, places: number, aspect: number): ClipBox {
  const columns = Math.max(places, place + 1);
  const side = Math.min(SIDE, aspect / (EDGE + COLUMN * columns));
  const width = (2 * side) / aspect;
  return [-1 + width * (EDGE + COLUMN * place), 1 - 2 * (MARGIN + STEP * side * number), width, 2 * side];
}
