import { at } from '../../src/face/at';
import type { Vector3 } from '../../src/face/types';
import { mean, type Pair, type Points, placeError, pointsApart, rms, turnError } from './measures';
import type { RecordedTruth } from './recording';

/** Figures of a run while a hand covers the face. */
export interface CoverFigures {
  /** Root mean square over the covered frames: how far points are from where they would be uncovered, % of the eyes. */
  readonly points: number;
  /** Drift of translation (mm) and rotation (degrees); null without a pose. */
  readonly place: number | null;
  readonly turn: number | null;
  /** Milliseconds from the hand's departure until the points are back; Infinity if they never are. */
  readonly recovered: number;
}

/** A head counts as covered if less than this share of it is visible. */
const COVERED = 0.995;
/** Frames before the hand's approach from which the uncovered reference is taken. */
const BEFORE = 15;
/** % of the eyes' distance: back where it was before. */
const BACK = 1.5;
/** % of the eyes' distance: where the network sees it. */
const AT_NETWORK = 1;
/** Consecutive frames in which the points must be back. */
const STAYS = 3;

/**
 * Measures drift against each point's mean error before the hand came, so that a constant bias of the network does not
 * count. `seen`: the unfiltered points. Points near them also count as back, as the network's bias changes when the head
 * turns under the hand.
 */
export function coverFigures(
  times: readonly number[],
  truth: readonly RecordedTruth[],
  points: readonly Points[],
  pairs: readonly Pair[] | null,
  seen: readonly Points[] | null = null,
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
    recovered: recovery(times, backAt(truth, points, seen, apart), last),
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
      usual[k] = at(usual, k) + at(own, k) - at(is, k);
    }
  }
  return points.map((own, i) => {
    const is = truth[i]?.points;
    if (!own || !is || count === 0) return null;
    return pointsApart(
      Array.from(usual, (off, k) => at(own, k) - off / count),
      is,
      is,
    );
  });
}

function driftOf(errors: readonly (Vector3 | null)[], first: number): (number | null)[] {
  const before = errors.slice(Math.max(0, first - BEFORE), first).filter((error) => error !== null);
  const usual = [0, 1, 2].map((axis) => mean(before.map((error) => error[axis as 0 | 1 | 2])));
  return errors.map((error) => error && Math.hypot(...error.map((value, axis) => value - at(usual, axis))));
}

/** Whether the points are back in each frame. */
function backAt(
  truth: readonly RecordedTruth[],
  points: readonly Points[],
  seen: readonly Points[] | null,
  apart: readonly (number | null)[],
): boolean[] {
  return points.map((own, i) => {
    const [is, there, off] = [truth[i]?.points, seen?.[i], apart[i]];
    if (own && is && there && pointsApart(own, there, is) < AT_NETWORK) return true;
    return off !== null && off !== undefined && off < BACK;
  });
}

function recovery(times: readonly number[], back: readonly boolean[], last: number): number {
  for (let i = last + 1; i + STAYS <= back.length; i++) {
    if (back.slice(i, i + STAYS).every((is) => is)) {
      return Math.round((at(times, i) - at(times, last)) * 1000);
    }
  }
  return Number.POSITIVE_INFINITY;
}
