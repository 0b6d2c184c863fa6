/** Parts of the canvas's height: a panel's side at most, and from one panel of a column to the next. */
const SIDE = 0.3;
const STEP = 1.1;
const MARGIN = 0.02;
/** From one face's column to the next, and before the first, of a panel's side. */
const COLUMN = 1.07;
const EDGE = 0.07;

/** Left, top, width and height in clip space, the top above. */
export type ClipBox = readonly [number, number, number, number];

/**
 * Where a face's panel is: each place of faces has a column, from the left. The panels are square, and so large that all
 * columns are on the canvas, whose width is `aspect` times its height.
 */
export function panelBox(number: number, place: number, places: number, aspect: number): ClipBox {
  const columns = Math.max(places, place + 1);
  const side = Math.min(SIDE, aspect / (EDGE + COLUMN * columns));
  const width = (2 * side) / aspect;
  return [-1 + width * (EDGE + COLUMN * place), 1 - 2 * (MARGIN + STEP * side * number), width, 2 * side];
}
