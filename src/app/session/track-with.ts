import { NEVER, Observable, Subject, switchMap } from 'rxjs';
import type { Frame, Timings, TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';

/** A frame to show; `looked` is false while there is no tracker yet. */
export interface Shown {
  readonly tracked: TrackedFrame;
  readonly looked: boolean;
}

/** Seconds between two frames shown as they are: what loads meanwhile needs the machine more. */
const PREVIEW_PERIOD = 0.1;
const NO_TIMINGS: Timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };

/**
 * One subscription to the frames: each goes to the tracker that is there now; while there is none some are shown as they
 * are and the others closed. A new tracker takes
 * over without the source starting anew. The frames emitted belong to the subscriber.
 */
export function trackWith(frames$: Observable<Frame>, tracker$: Observable<Tracker | undefined>): Observable<Shown> {
  return new Observable((subscriber) => {
    let input: Subject<Frame> | undefined;
    let previewed = Number.NEGATIVE_INFINITY;
    const fail = (error: unknown) => subscriber.error(error);
    subscriber.add(
      tracker$
        .pipe(
          switchMap((tracker) => {
            input = tracker && new Subject<Frame>();
            return tracker && input ? tracker.track(input) : NEVER;
          }),
        )
        .subscribe({ next: (tracked) => subscriber.next({ tracked, looked: true }), error: fail }),
    );
    subscriber.add(
      frames$.subscribe({
        next: (frame) => {
          if (!subscriber.closed && input) input.next(frame);
          else if (subscriber.closed || frame.time - previewed < PREVIEW_PERIOD) frame.image.close();
          else {
            previewed = frame.time;
            subscriber.next(untracked(frame));
          }
        },
        error: fail,
        complete: () => subscriber.complete(),
      }),
    );
  });
}

/** A frame as it is. */
export function untracked(frame: Frame): Shown {
  return { tracked: { frame, faces: [], timings: NO_TIMINGS, provider: 'wasm' }, looked: false };
}
