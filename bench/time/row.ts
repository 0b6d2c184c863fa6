import type { CoverFigures } from './covers';
import type { MotionFigures, RestFigures } from './figures';

/** Figures of one way to filter the recordings; null where it has no such output. */
export interface Row {
  readonly name: string;
  readonly rest: RestFigures;
  readonly nod: MotionFigures;
  readonly turn: MotionFigures;
  /** Milliseconds; null without expressions. */
  readonly expressionLag: number | null;
  /** 0 to 1; null without expressions. */
  readonly blinks: number | null;
  readonly covers: Readonly<Record<string, CoverFigures>>;
  /** Root mean square over all clips with a hand, % of the distance between the eyes. */
  readonly drift: number;
  /** Slowest recovery after a hand leaves, milliseconds. */
  readonly recovered: number;
  /** Jitter on the sample clip (no ground truth), % of the face's size from frame to frame; null if not recorded. */
  readonly sample: number | null;
}
