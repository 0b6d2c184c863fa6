import { BehaviorSubject, catchError, combineLatest, EMPTY, type Observable, of, Subject, switchMap, tap } from 'rxjs';
import type { TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';
import type { SettingsStore } from '../settings/settings-store';
import type { StageKeeper } from '../stage/stage-keeper';
import type { Notices } from '../ui/notices';
import type { Readouts } from '../ui/readouts';
import type { PageState } from './page-state';
import { cameraSource, fileSource, type Source, sampleSource } from './source';
import { trackStills } from './track-stills';
import { type Shown, trackWith } from './track-with';

/** What the person wants to look at; a file without a file is one still to be chosen. */
export type Choice =
  | { readonly kind: 'sample' }
  | { readonly kind: 'cam' }
  | { readonly kind: 'file'; readonly file?: File };

export interface SessionParts {
  readonly store: SettingsStore;
  readonly tracker$: Observable<Tracker | undefined>;
  readonly stage: Pick<StageKeeper, 'show'>;
  readonly readouts: Pick<Readouts, 'show' | 'reset'>;
  readonly notices: Pick<Notices, 'hint'>;
  readonly state: PageState;
  readonly paused$: BehaviorSubject<boolean>;
  readonly onError: (error: unknown) => void;
  /** What is made of each tracked frame before it is drawn and told. */
  readonly adapt?: (tracked: TrackedFrame) => TrackedFrame;
  /** Given as doubles in tests. */
  readonly sources?: Sources;
}

/** How each choice becomes a source. */
export interface Sources {
  readonly sample: typeof sampleSource;
  readonly cam: typeof cameraSource;
  readonly file: typeof fileSource;
}

const SOURCES: Sources = { sample: sampleSource, cam: cameraSource, file: fileSource };

/** Milliseconds without a face after which the page says so. */
const PATIENCE = 1500;

/** From the chosen source through the tracker onto the stage. Each frame is closed here, once, when it was drawn. */
export class Session {
  readonly #choice$ = new Subject<Choice>();
  readonly #again$ = new BehaviorSubject<void>(undefined);
  readonly #tracked$ = new Subject<TrackedFrame>();
  /** Each tracked frame when it has been drawn; its picture is closed when all have been told. */
  readonly tracked$: Observable<TrackedFrame> = this.#tracked$;
  readonly #cameraAllowed$ = new Subject<void>();
  /** Tells when the camera gave its first frame: from then on cameras have names. */
  readonly cameraAllowed$: Observable<void> = this.#cameraAllowed$;
  readonly #running$ = new BehaviorSubject<Source | undefined>(undefined);
  /** The source that runs now. */
  readonly source$: Observable<Source | undefined> = this.#running$;
  #faceSeen = 0;

  constructor(private readonly parts: SessionParts) {
    combineLatest([this.#choice$, this.#again$])
      .pipe(
        switchMap(([choice]) => this.#source$(choice)),
        switchMap((source) => this.#run(source)),
      )
      .subscribe();
  }

  choose(choice: Choice): void {
    this.#choice$.next(choice);
  }

  /** Starts the same source anew. */
  again(): void {
    this.#again$.next();
  }

  #source$(choice: Choice): Observable<Source> {
    const { store, paused$, sources = SOURCES } = this.parts;
    if (choice.kind === 'sample') return of(sources.sample(paused$));
    if (choice.kind === 'cam') {
      return store
        .pick$('camera', 'resolution', 'background')
        .pipe(switchMap((wish) => of(sources.cam({ ...wish, deviceId: wish.camera }, paused$))));
    }
    if (!choice.file) {
      this.#idle('Open a video or a picture, or drop one here.');
      return EMPTY;
    }
    try {
      return of(sources.file(choice.file, paused$));
    } catch (error) {
      this.parts.onError(error);
      return EMPTY;
    }
  }

  #run(source: Source): Observable<unknown> {
    const { readouts, notices, state, tracker$, onError } = this.parts;
    this.#running$.next(source);
    readouts.reset(source.name);
    notices.hint(null);
    state.loading();
    this.#faceSeen = performance.now();
    let first = true;
    return shown$(source, tracker$).pipe(
      tap((shown) => {
        if (first && source.kind === 'cam') this.#cameraAllowed$.next();
        first = false;
        this.#show(shown);
      }),
      catchError((error: unknown) => {
        onError(error);
        return EMPTY;
      }),
    );
  }

  #show({ tracked: seen, looked }: Shown): void {
    const { stage, readouts, state, paused$, adapt } = this.parts;
    try {
      const tracked = looked && adapt ? adapt(seen) : seen;
      stage.show(tracked);
      if (!looked) return;
      const now = performance.now();
      readouts.show(tracked, now);
      state.tracked(tracked, paused$.value);
      this.#hintAt(tracked, now);
      this.#tracked$.next(tracked);
    } finally {
      seen.frame.image.close();
    }
  }

  #hintAt({ faces }: TrackedFrame, now: number): void {
    if (faces.length > 0) this.#faceSeen = now;
    this.parts.notices.hint(now - this.#faceSeen > PATIENCE ? 'No face in view' : null);
  }

  #idle(hint: string): void {
    this.parts.state.idle();
    this.parts.notices.hint(hint);
  }
}

function shown$(source: Source, tracker$: Observable<Tracker | undefined>): Observable<Shown> {
  return source.kind === 'picture' ? trackStills(source.frames$, tracker$) : trackWith(source.frames$, tracker$);
}
