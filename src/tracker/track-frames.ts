import { finalize, Observable } from 'rxjs';
import type { Frame, TrackedFrame } from '../face/types';
import { type Client, TrackerError } from '../pipeline/client';
import { every } from '../pipeline/every';
import { newest } from '../pipeline/newest';
import { checkFrame } from './check-tracker-options';

/** Successive failures that a live stream tolerates. */
const FAILURES = 3;

/** Tracks the newest frames of a live stream. The subscriber owns the frames. */
export function trackLive(client: Client, stream: number, frames$: Observable<Frame>): Observable<TrackedFrame> {
  let failures = 0;
  const trackOrSkip = async (frame: Frame): Promise<TrackedFrame | undefined> => {
    try {
      checkFrame(frame);
      const tracked = await client.trackFrame(stream, frame);
      failures = 0;
      return tracked;
    } catch (reason) {
      failures += 1;
      if (failures > FAILURES || isClosed(reason)) throw reason;
      return undefined;
    }
  };
  return frames$.pipe(
    newest((frame) => owned(trackOrSkip(frame)), closeFrame),
    finalize(() => client.endStream(stream)),
  );
}

/** Tracks each frame, in order. The subscriber owns the frames. */
export function trackAll(client: Client, stream: number, frames$: Observable<Frame>): Observable<TrackedFrame> {
  const trackFrame = async (frame: Frame): Promise<TrackedFrame> => {
    checkFrame(frame);
    return client.trackFrame(stream, frame);
  };
  return every(frames$, (frame) => owned(trackFrame(frame)), closeFrame).pipe(finalize(() => client.endStream(stream)));
}

/** Emits the tracked frame, or closes it after unsubscription. Completes empty for undefined. */
function owned(pending: Promise<TrackedFrame | undefined>): Observable<TrackedFrame> {
  return new Observable((subscriber) => {
    pending.then(
      (tracked) => {
        if (!tracked) subscriber.complete();
        else if (subscriber.closed) closeFrame(tracked.frame);
        else {
          subscriber.next(tracked);
          subscriber.complete();
        }
      },
      (reason) => subscriber.error(reason),
    );
  });
}

function closeFrame(frame: Frame): void {
  frame.image.close();
}

function isClosed(reason: unknown): boolean {
  return reason instanceof TrackerError && reason.code === 'closed';
}
