import type { Vector3 } from '../../face/types';
import { mean, type Pair, type Points, placeError, pointsApart, rms, turnError } from './time-measures';
import type { RecordedTruth } from './time-recording';

/** How a run fares while a hand passes. */
export interface CoverFigures {
  /** Root mean square over the covered frames: how far points are from where they would be uncovered, % of the eyes. */
  readonly points: number;
  /** The same of place (mm) and turn (degrees); null without a pose. */
  readonly place: number | null;
  readonly turn: number | null;
  /** Milliseconds after the hand has left until the points are back; Infinity where they never are. */
  readonly recovered: number;
}

/** A head is covered where less than this share of it can be seen. */
const COVERED = 0.995;
/** Frames before the hand comes that tell what the face is like uncovered. */
const BEFORE = 15;
/** % of the eyes' distance: back where it was before. */
const BACK = 1.5;
/** Frames for which it must stay there. */
const STAYS = 3;

/** Errors are taken against each point's own mean error before the hand came: what a network has wrong anyway is no drift. */
export function coverFigures(
  times: readonly number[],
  truth: readonly RecordedTruth[],
  points: readonly Points[],
  pairs: readonly Pair[] | null,
): CoverFigures {
  const covered = truth.map(({ visible }) => visible < COVERED);
  const first = covered.indexOf(true);
  const last = covered.lastIndexOf(true);
  const span = (values: readonly (number | null)[]) =>
    rms(values.slice(first, last + 1).filter((value) => value !== null));
  const apart = driftOfPoints(truth, points, first);
  return {
    points: span(apart),
    place: pairs && span(driftOf(pairs.map(placeError), first)),
    turn: pairs && span(driftOf(pairs.map(turnError), first)),
    recovered: recovery(times, apart, last),
  };
}

function driftOfPoints(truth: readonly RecordedTruth[], points: readonly Points[], first: number): (number | null)[] {
  const usual = new Float64Array(2 * 478);
  let count = 0;
  for (let i = Math.max(0, first - BEFORE); i < first; i++) {
    const [own, is] = [points[i], truth[i]?.points];
    if (!own || !is) continue;
    count += 1;
    for (let k = 0; k < usual.length; k++) {
      usual[k] = (usual[k] as number) + (own[k] as number) - (is[k] as number);
    }
  }
  return points.map((own, i) => {
    const is = truth[i]?.points;
    if (!own || !is || count === 0) return null;
    return pointsApart(
      Array.from(usual, (off, k) => (own[k] as number) - off / count),
      is,
      is,
    );
  });
}

function driftOf(errors: readonly (Vector3 | null)[], first: number): (number | null)[] {
  const before = errors.slice(Math.max(0, first - BEFORE), first).filter((error) => error !== null);
  const usual = [0, 1, 2].map((axis) => mean(before.map((error) => error[axis as 0 | 1 | 2])));
  return errors.map((error) => error && Math.hypot(...error.map((value, axis) => value - (usual[axis] as number))));
}

function recovery(times: readonly number[], apart: readonly (number | null)[], last: number): number {
  for (let i = last + 1; i + STAYS <= apart.length; i++) {
    const stays = apart.slice(i, i + STAYS).every((value) => value !== null && value < BACK);
    if (stays) return Math.round(((times[i] as number) - (times[last] as number)) * 1000);
  }
  return Number.POSITIVE_INFINITY;
}
