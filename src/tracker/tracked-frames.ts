import { Observable } from 'rxjs';
import type { TrackedFrame } from '../face/types';

export interface TrackOptions {
  /** Leaves the frames open: the subscriber closes each with `frame.image.close()`. Default false. */
  readonly keepFrames?: boolean;
  /** An abort completes the results. */
  readonly signal?: AbortSignal;
}

/** How results wait for an iteration that is not ready: only the newest is kept, or all. */
export type Waiting = 'newest' | 'all';

/**
 * Results of tracking: an Observable, and an async iterable. Each subscription and each iteration tracks the source anew.
 * Leaving a loop ends its tracking.
 */
export class TrackedFrames extends Observable<TrackedFrame> implements AsyncIterable<TrackedFrame> {
  readonly #owned$: Observable<TrackedFrame>;
  readonly #waiting: Waiting;
  readonly #keepFrames: boolean;

  /** `owned$`: results whose frames the subscriber closes. */
  constructor(owned$: Observable<TrackedFrame>, waiting: Waiting, { keepFrames = false, signal }: TrackOptions) {
    const ended$ = signal ? untilAborted(owned$, signal) : owned$;
    super((subscriber) => (keepFrames ? ended$ : closing(ended$)).subscribe(subscriber));
    this.#owned$ = ended$;
    this.#waiting = waiting;
    this.#keepFrames = keepFrames;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<TrackedFrame> {
    return iterate(this.#owned$, this.#waiting, this.#keepFrames);
  }
}

/** Closes each frame after the subscriber has returned. */
function closing(owned$: Observable<TrackedFrame>): Observable<TrackedFrame> {
  return new Observable((subscriber) =>
    owned$.subscribe({
      next(tracked) {
        try {
          subscriber.next(tracked);
        } finally {
          close(tracked);
        }
      },
      error: (reason) => subscriber.error(reason),
      complete: () => subscriber.complete(),
    }),
  );
}

async function* iterate(owned$: Observable<TrackedFrame>, waiting: Waiting, keepFrames: boolean) {
  const queue: TrackedFrame[] = [];
  let end: { readonly reason?: unknown; readonly failed: boolean } | undefined;
  let wake: () => void = () => undefined;
  const finish = (how: typeof end) => {
    end = how;
    wake();
  };
  const subscription = owned$.subscribe({
    next(tracked) {
      if (waiting === 'newest') queue.splice(0).forEach(close);
      queue.push(tracked);
      wake();
    },
    error: (reason) => finish({ reason, failed: true }),
    complete: () => finish({ failed: false }),
  });
  try {
    for (;;) {
      const tracked = queue.shift();
      if (tracked) yield* lent(tracked, keepFrames);
      else if (end?.failed) throw end.reason;
      else if (end) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    subscription.unsubscribe();
    queue.forEach(close);
  }
}

function* lent(tracked: TrackedFrame, keep: boolean) {
  try {
    yield tracked;
  } finally {
    if (!keep) close(tracked);
  }
}

/** Completes when the signal is aborted, at once where it is already. */
function untilAborted(owned$: Observable<TrackedFrame>, signal: AbortSignal): Observable<TrackedFrame> {
  return new Observable((subscriber) => {
    const end = () => subscriber.complete();
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    subscriber.add(() => signal.removeEventListener('abort', end));
    if (!subscriber.closed) owned$.subscribe(subscriber);
  });
}

function close({ frame }: TrackedFrame): void {
  frame.image.close();
}
