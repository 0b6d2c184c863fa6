import type { Frame } from '../../face/types';
import { type Box, wholeBox } from '../pixels';

/** short: faces within about two metres, fast. full: distant and small faces too, twice the time. */
export type Range = 'short' | 'full';

/** Quarter turns of a picture, counterclockwise on the screen: with 1, a face that is rolled clockwise by 90° is upright. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** A part of a frame in which the detector searches. */
export interface DetectionArea {
  readonly box: Box;
  readonly range: Range;
  /** The detector finds upright faces: the part is turned before. */
  readonly turns: QuarterTurns;
}

type Size = Pick<Frame, 'width' | 'height'>;

/** Share of a tile that it has in common with the next one: faces up to this size are complete in one of the two. */
const COMMON = 0.25;
/**
 * Sides of tiles as shares of the frame's longer side. The full-range detector reduces a tile to 192 pixels and finds faces
 * from 15 of these pixels on: 30 pixels of a frame that is 1280 wide.
 */
const TILE_SIDES = [1 / 2, 1 / 4];
/** Order of the turns: upside down is the most frequent (a telephone held the wrong way round). */
const TURNS: readonly QuarterTurns[] = [2, 1, 3];

export function wholeArea({ width, height }: Size, range: Range, turns: QuarterTurns = 0): DetectionArea {
  return { box: wholeBox(width, height), range, turns };
}

/** The whole frame turned, for faces that are rolled by more than about 45°. */
export function turnedAreas(frame: Size): DetectionArea[] {
  return TURNS.flatMap((turns) => [wholeArea(frame, 'short', turns), wholeArea(frame, 'full', turns)]);
}

/** Overlapping square tiles of the frame for small faces, large tiles first. */
export function tileAreas({ width, height }: Size): DetectionArea[] {
  return TILE_SIDES.flatMap((share) => {
    const side = Math.round(share * Math.max(width, height));
    return starts(height, side).flatMap((y) =>
      starts(width, side).map((x): DetectionArea => {
        const box = { x, y, width: Math.min(side, width), height: Math.min(side, height) };
        return { box, range: 'full', turns: 0 };
      }),
    );
  });
}

/** First pixels of tiles of `side` pixels that cover `length` pixels. */
function starts(length: number, side: number): number[] {
  if (side >= length) return [0];
  const count = Math.ceil((length - side) / (side * (1 - COMMON))) + 1;
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}
