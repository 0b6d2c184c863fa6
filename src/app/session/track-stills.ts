import { concatMap, map, Observable, switchMap } from 'rxjs';
import type { Frame, TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';
import { type Shown, untracked } from './track-with';

/**
 * Pictures by themselves: shown as they are until there is a tracker; each tracker that comes looks at them anew. The
 * frames emitted belong to the subscriber.
 */
export function trackStills(frames$: Observable<Frame>, tracker$: Observable<Tracker | undefined>): Observable<Shown> {
  return tracker$.pipe(
    switchMap((tracker) =>
      tracker ? frames$.pipe(concatMap((frame) => still(tracker, frame))) : frames$.pipe(map(untracked)),
    ),
  );
}

/** A result that comes when nobody wants it any more is closed. */
function still(tracker: Tracker, frame: Frame): Observable<Shown> {
  return new Observable((subscriber) => {
    tracker.trackStill(frame).then(
      (tracked: TrackedFrame) => {
        if (subscriber.closed) tracked.frame.image.close();
        else subscriber.next({ tracked, looked: true });
        subscriber.complete();
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}
