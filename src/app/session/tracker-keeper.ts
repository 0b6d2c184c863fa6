import {
  BehaviorSubject,
  concat,
  distinctUntilChanged,
  finalize,
  NEVER,
  type Observable,
  of,
  Subscription,
} from 'rxjs';
import { createTracker, type Progress, type Tracker } from '../../index';
import { whileOpen } from '../../pipeline/while-open';
import type { Settings } from '../settings/settings';

export type TrackerWish = Pick<Settings, 'bundle' | 'provider' | 'threads' | 'smooth' | 'faces'>;

export interface TrackerKeeperEvents {
  /** Null: loading is over. */
  onProgress(progress: Progress | null): void;
  /** A tracker could not be opened; one that was open before goes on. */
  onError(error: unknown): void;
}

/** Keeps one tracker open that fits the wish. When the wish changes the old one works until the new one is open. */
export class TrackerKeeper {
  readonly #tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
  /** The tracker that is open now; undefined before the first one and after one was given up. */
  readonly tracker$: Observable<Tracker | undefined> = this.#tracker$.pipe(distinctUntilChanged());
  #wish: TrackerWish | undefined;
  #failed = false;
  /** Unsubscribing closes the tracker. */
  #now = Subscription.EMPTY;
  #next = Subscription.EMPTY;

  constructor(
    wish$: Observable<TrackerWish>,
    private readonly events: TrackerKeeperEvents,
    private readonly create: typeof createTracker = createTracker,
  ) {
    wish$.subscribe((wish) => {
      this.#wish = wish;
      this.#failed = false;
      this.#open(wish);
    });
  }

  /** The open tracker is of no use any more: it is closed, and `recover` opens another. */
  giveUp(): void {
    this.#failed = true;
    this.#tracker$.next(undefined);
    this.#now.unsubscribe();
  }

  /** Opens a tracker anew where the last one could not be opened or was given up. */
  recover(): void {
    if (!this.#failed || !this.#wish) return;
    this.#failed = false;
    this.#open(this.#wish);
  }

  #open(wish: TrackerWish): void {
    this.#next.unsubscribe();
    const opening = new Subscription();
    this.#next = opening;
    opening.add(
      opened$(wish, this.create, this.events.onProgress).subscribe({
        next: (tracker) => {
          const before = this.#now;
          this.#now = opening;
          this.#next = Subscription.EMPTY;
          this.#tracker$.next(tracker);
          before.unsubscribe();
        },
        error: (error: unknown) => {
          this.#failed = true;
          this.events.onError(error);
        },
      }),
    );
  }
}

/** The tracker while subscribed; progress is told until it is open or not wanted any more. */
function opened$(
  { bundle, ...wish }: TrackerWish,
  create: typeof createTracker,
  onProgress: (progress: Progress | null) => void,
): Observable<Tracker> {
  let loading = true;
  const loaded = () => {
    if (loading) onProgress(null);
    loading = false;
  };
  const start = () => {
    const progress = (state: Progress) => {
      if (loading) onProgress(state);
    };
    progress({ stage: 'models', loaded: 0, total: 0 });
    return create({ ...wish, bundle: `models/${bundle}/`, onProgress: progress });
  };
  const use = (tracker: Tracker) => {
    loaded();
    return concat(of(tracker), NEVER);
  };
  return whileOpen(start, use, (tracker) => void tracker.close()).pipe(finalize(loaded));
}
