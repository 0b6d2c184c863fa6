import { Observable, Subject, Subscription } from 'rxjs';
import type { Frame } from '../../face/types';
import type { Source } from './source';

/**
 * Opens a source and emits it once its first frame has arrived; errors if it fails before. The emitted source continues
 * with that frame, and must be subscribed to at once. Its later subscriptions open the source again.
 */
export function whenReady(source: Source): Observable<Source> {
  return new Observable((subscriber) => {
    const opening = new Opening(source);
    subscriber.add(() => opening.giveUp());
    opening.start(
      (frames$) => subscriber.next({ ...source, frames$ }),
      (error) => subscriber.error(error),
    );
  });
}

/** A source that is open before anything subscribes to its frames. Owns the first frame until it is taken. */
class Opening {
  readonly #frames$ = new Subject<Frame>();
  #held: Frame | undefined;
  #isTaken = false;
  /** Closing it before the source has returned from `subscribe` closes the source then. */
  readonly #input = new Subscription();

  constructor(private readonly source: Source) {}

  start(onReady: (frames$: Observable<Frame>) => void, onError: (error: unknown) => void): void {
    let isReady = false;
    const source = this.source.frames$.subscribe({
      next: (frame) => {
        if (this.#input.closed) return frame.image.close();
        if (this.#isTaken) return this.#frames$.next(frame);
        this.#held?.image.close();
        this.#held = frame;
        if (!isReady) onReady(this.#continued());
        isReady = true;
      },
      error: (error: unknown) => (isReady ? this.#frames$.error(error) : onError(error)),
      complete: () => this.#frames$.complete(),
    });
    this.#input.add(source);
  }

  /** Closes the source unless its frames were taken. */
  giveUp(): void {
    if (this.#isTaken) return;
    this.#input.unsubscribe();
    this.#held?.image.close();
    this.#held = undefined;
  }

  #continued(): Observable<Frame> {
    return new Observable((consumer) => {
      if (this.#isTaken) return this.source.frames$.subscribe(consumer);
      this.#isTaken = true;
      const later = this.#frames$.subscribe(consumer);
      const first = this.#held;
      this.#held = undefined;
      if (first) consumer.next(first);
      return () => {
        later.unsubscribe();
        this.#input.unsubscribe();
      };
    });
  }
}
