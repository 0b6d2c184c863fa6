import {
  BehaviorSubject,
  catchError,
  concat,
  distinctUntilChanged,
  EMPTY,
  merge,
  NEVER,
  type Observable,
  of,
  Subject,
  switchMap,
} from 'rxjs';
import { createTracker, type Progress, type Tracker } from '../index';
import { whileOpen } from '../pipeline/while-open';
import type { Settings } from './settings';

export type TrackerWish = Pick<Settings, 'bundle' | 'provider' | 'threads' | 'smooth' | 'faces'>;

export interface TrackerKeeperEvents {
  /** Null: loading is over. */
  onProgress(progress: Progress | null): void;
  onError(error: unknown): void;
}

/** Keeps one tracker open that fits the wish; opens a new one when the wish changes. */
export class TrackerKeeper {
  readonly #tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
  readonly #again$ = new Subject<void>();
  #failed = false;
  /** The tracker that is open now; undefined while one loads or none could be opened. */
  readonly tracker$: Observable<Tracker | undefined> = this.#tracker$.pipe(distinctUntilChanged());

  constructor(wish$: Observable<TrackerWish>, { onProgress, onError }: TrackerKeeperEvents) {
    const events: TrackerKeeperEvents = {
      onProgress,
      onError: (error) => {
        this.#failed = true;
        onError(error);
      },
    };
    wish$
      .pipe(
        switchMap((wish) =>
          merge(of(undefined), this.#again$).pipe(switchMap(() => concat(of(undefined), open(wish, events)))),
        ),
      )
      .subscribe(this.#tracker$);
  }

  /** Opens a tracker anew where the last one could not be opened. */
  recover(): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#again$.next();
  }
}

function open(wish: TrackerWish, { onProgress, onError }: TrackerKeeperEvents): Observable<Tracker | undefined> {
  let wanted = true;
  const progress = (state: Progress | null) => {
    if (wanted) onProgress(state);
  };
  const start = () => {
    progress({ stage: 'models', loaded: 0, total: 0 });
    return createTracker({
      bundle: `models/${wish.bundle}/`,
      provider: wish.provider,
      threads: wish.threads,
      smooth: wish.smooth,
      faces: wish.faces,
      onProgress: progress,
    });
  };
  const opened$ = whileOpen(
    start,
    (tracker) => {
      progress(null);
      wanted = false;
      return concat(of(tracker), NEVER);
    },
    (tracker) => void tracker.close(),
  );
  return opened$.pipe(
    catchError((error: unknown) => {
      progress(null);
      wanted = false;
      onError(error);
      return EMPTY;
    }),
  );
}
