import { combineLatest, NEVER, Observable, Subject, startWith, switchMap } from 'rxjs';
import { NO_TIMINGS } from '../../face/no-timings';
import type { Face, Frame, TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';

/** A frame to show. `isTracked` is false for a preview, which is shown before a tracker is open. */
export interface DisplayFrame {
  readonly tracked: TrackedFrame;
  readonly isTracked: boolean;
}

/** Seconds between two previews. Low, because loading the models needs the processor at the same time. */
const PREVIEW_PERIOD = 0.1;

const NEVER_CUT = () => false;
const NOTHING_KNOWN = () => undefined;

/**
 * Subscribes to the frames once and sends each to the current tracker. While there is none, one frame per
 * PREVIEW_PERIOD is emitted untracked and the others are closed. A new tracker takes over without restarting the
 * source. At a frame for which `isCut` is true, tracking starts anew. Where `knownFaces` gives the faces of a frame, they
 * are used instead of the tracker's; if it throws, that is an error of the stream. The subscriber owns the emitted frames.
 */
export function trackWith(
  frames$: Observable<Frame>,
  tracker$: Observable<Tracker | undefined>,
  isCut: (frame: Frame) => boolean = NEVER_CUT,
  knownFaces: (frame: Frame) => readonly Face[] | undefined = NOTHING_KNOWN,
): Observable<DisplayFrame> {
  return new Observable((subscriber) => {
    const cuts$ = new Subject<void>();
    let input: Subject<Frame> | undefined;
    let lastPreview = Number.NEGATIVE_INFINITY;
    const fail = (error: unknown) => subscriber.error(error);
    const facesOf = (frame: Frame) => {
      try {
        return knownFaces(frame);
      } catch (error) {
        fail(error);
        return undefined;
      }
    };
    subscriber.add(
      combineLatest([tracker$, cuts$.pipe(startWith(undefined))])
        .pipe(
          switchMap(([tracker]) => {
            input = tracker && new Subject<Frame>();
            return tracker && input ? tracker.track(input, { keepFrames: true }) : NEVER;
          }),
        )
        .subscribe({ next: (tracked) => subscriber.next({ tracked, isTracked: true }), error: fail }),
    );
    subscriber.add(
      frames$.subscribe({
        next: (frame) => {
          if (isCut(frame)) cuts$.next();
          const faces = subscriber.closed ? undefined : facesOf(frame);
          if (faces) subscriber.next({ tracked: { ...untrackedFrame(frame).tracked, faces }, isTracked: true });
          else if (!subscriber.closed && input) input.next(frame);
          else if (subscriber.closed || frame.time - lastPreview < PREVIEW_PERIOD) frame.image.close();
          else {
            lastPreview = frame.time;
            subscriber.next(untrackedFrame(frame));
          }
        },
        error: fail,
        complete: () => subscriber.complete(),
      }),
    );
  });
}

/** A preview: the frame without faces. */
export function untrackedFrame(frame: Frame): DisplayFrame {
  return { tracked: { frame, faces: [], timings: NO_TIMINGS, provider: 'wasm' }, isTracked: false };
}
