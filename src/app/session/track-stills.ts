import { concatMap, map, Observable, switchMap } from 'rxjs';
import type { Frame, TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';
import { type DisplayFrame, untrackedFrame } from './track-with';

/**
 * Tracks single pictures. A picture is emitted untracked until there is a tracker; each new tracker tracks it again.
 * The subscriber owns the emitted frames.
 */
export function trackStills(
  frames$: Observable<Frame>,
  tracker$: Observable<Tracker | undefined>,
): Observable<DisplayFrame> {
  return tracker$.pipe(
    switchMap((tracker) =>
      tracker ? frames$.pipe(concatMap((frame) => trackStill(tracker, frame))) : frames$.pipe(map(untrackedFrame)),
    ),
  );
}

/** Emits the tracked picture; closes a result that arrives after unsubscription. */
function trackStill(tracker: Tracker, frame: Frame): Observable<DisplayFrame> {
  return new Observable((subscriber) => {
    tracker.trackStill(frame).then(
      (tracked: TrackedFrame) => {
        if (subscriber.closed) tracked.frame.image.close();
        else subscriber.next({ tracked, isTracked: true });
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}
