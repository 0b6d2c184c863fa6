import { NEVER, Observable, Subject, switchMap } from 'rxjs';
import type { Frame, Timings, TrackedFrame } from '../face/types';
import type { Tracker } from '../index';

/** A frame to show; `looked` is false while there is no tracker yet. */
export interface Shown {
  readonly tracked: TrackedFrame;
  readonly looked: boolean;
}

const NO_TIMINGS: Timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };

/**
 * One subscription to the frames: each goes to the tracker that is there now, or is shown as it is. A new tracker takes
 * over without the source starting anew. The frames emitted belong to the subscriber.
 */
export function trackWith(frames$: Observable<Frame>, tracker$: Observable<Tracker | undefined>): Observable<Shown> {
  return new Observable((subscriber) => {
    let input: Subject<Frame> | undefined;
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
          if (subscriber.closed) frame.image.close();
          else if (input) input.next(frame);
          else subscriber.next({ tracked: untracked(frame), looked: false });
        },
        error: fail,
        complete: () => subscriber.complete(),
      }),
    );
  });
}

function untracked(frame: Frame): TrackedFrame {
  return { frame, faces: [], timings: NO_TIMINGS, provider: 'wasm' };
}
