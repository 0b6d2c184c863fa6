import type { Seconds } from '../face/types';

/** Seconds between two frames, before it is known: 25 per second. */
const USUAL_INTERVAL = 0.04;

/**
 * Returns a function that passes times on. A time that is not later than the one before is replaced by half an interval
 * after it, which is earlier than the next regular frame.
 */
export function createIncreasingTime(): (time: Seconds) => Seconds {
  let last = Number.NEGATIVE_INFINITY;
  let interval = USUAL_INTERVAL;
  return (time) => {
    const next = time > last ? time : last + interval / 2;
    if (time > last && Number.isFinite(last)) interval = time - last;
    last = next;
    return next;
  };
}
