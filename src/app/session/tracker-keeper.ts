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

export type TrackerSettings = Pick<Settings, 'bundle' | 'provider' | 'detector' | 'threads' | 'smooth' | 'faces'>;

export interface TrackerKeeperEvents {
  /** Null when loading has ended. */
  onProgress(progress: Progress | null): void;
  /** A tracker failed to open. A tracker that was already open keeps running. */
  onError(error: unknown): void;
}

/**
 * Keeps one tracker open with the requested options. When they change, the old tracker runs until the new one is open.
 */
export class TrackerKeeper {
  readonly #tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
  /** The open tracker; undefined before the first one is open and after `giveUp`. */
  readonly tracker$: Observable<Tracker | undefined> = this.#tracker$.pipe(distinctUntilChanged());
  #settings: TrackerSettings | undefined;
  #failed = false;
  /** Unsubscribing closes the tracker. */
  #current = Subscription.EMPTY;
  #opening = Subscription.EMPTY;

  constructor(
    settings$: Observable<TrackerSettings>,
    private readonly events: TrackerKeeperEvents,
    private readonly create: typeof createTracker = createTracker,
  ) {
    settings$.subscribe((settings) => {
      this.#settings = settings;
      this.#failed = false;
      this.#open(settings);
    });
  }

  /** Closes a tracker that has failed; `recover` opens another. */
  giveUp(): void {
    this.#failed = true;
    this.#tracker$.next(undefined);
    this.#current.unsubscribe();
  }

  /** Opens another tracker if the last one failed to open or was given up; otherwise does nothing. */
  recover(): void {
    if (!this.#failed || !this.#settings) return;
    this.#failed = false;
    this.#open(this.#settings);
  }

  #open(settings: TrackerSettings): void {
    this.#opening.unsubscribe();
    const opening = new Subscription();
    this.#opening = opening;
    opening.add(
      opened$(settings, this.create, this.events.onProgress).subscribe({
        next: (tracker) => {
          const before = this.#current;
          this.#current = opening;
          this.#opening = Subscription.EMPTY;
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

/**
 * Opens a tracker on subscription and closes it on unsubscription. Reports progress until it is open or unsubscribed.
 */
function opened$(
  { bundle, ...settings }: TrackerSettings,
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
    return create({ ...settings, bundle: `models/${bundle}/`, onProgress: progress });
  };
  const use = (tracker: Tracker) => {
    loaded();
    return concat(of(tracker), NEVER);
  };
  return whileOpen(start, use, (tracker) => void tracker.close()).pipe(finalize(loaded));
}
