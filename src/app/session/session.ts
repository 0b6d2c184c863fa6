import { BehaviorSubject, catchError, combineLatest, EMPTY, type Observable, of, Subject, switchMap, tap } from 'rxjs';
import type { TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';
import type { SettingsStore } from '../settings/settings-store';
import type { PageState } from './page-state';
import type { NoticeReports, ReadingReports } from './reports';
import { cameraSource, fileSource, type Source, sampleSource } from './source';
import { trackStills } from './track-stills';
import { type DisplayFrame, trackWith } from './track-with';

/** The source that the user chooses. `file` is undefined until the user has picked one. */
export type Choice =
  | { readonly kind: 'sample' }
  | { readonly kind: 'cam' }
  | { readonly kind: 'file'; readonly file?: File };

export interface SessionDependencies {
  readonly store: SettingsStore;
  readonly tracker$: Observable<Tracker | undefined>;
  /** Draws a frame before it returns; the session closes the frame afterwards. */
  readonly drawFrame: (tracked: TrackedFrame) => void;
  readonly readings: ReadingReports;
  readonly notices: Pick<NoticeReports, 'showHint'>;
  readonly state: PageState;
  readonly paused$: BehaviorSubject<boolean>;
  readonly onError: (error: unknown) => void;
  /** Changes each tracked frame before it is drawn and emitted. */
  readonly adapt?: (tracked: TrackedFrame) => TrackedFrame;
  /** Tests pass doubles. */
  readonly sources?: Sources;
}

/** Opens the source for each kind of choice. */
export interface Sources {
  readonly sample: typeof sampleSource;
  readonly cam: typeof cameraSource;
  readonly file: typeof fileSource;
}

const SOURCES: Sources = { sample: sampleSource, cam: cameraSource, file: fileSource };

/** Milliseconds without a face before the page shows a hint. */
const HINT_DELAY = 1500;

/**
 * Runs the chosen source through the tracker and onto the stage. The session closes each frame once, after drawing it.
 */
export class Session {
  readonly #choice$ = new Subject<Choice>();
  readonly #restart$ = new BehaviorSubject<void>(undefined);
  readonly #tracked$ = new Subject<TrackedFrame>();
  /** Each tracked frame after it was drawn. Its picture is closed when all subscribers have returned. */
  readonly tracked$: Observable<TrackedFrame> = this.#tracked$;
  readonly #cameraAllowed$ = new Subject<void>();
  /** Emits at the first frame of a camera: from then on the browser reveals the names of cameras. */
  readonly cameraAllowed$: Observable<void> = this.#cameraAllowed$;
  readonly #source$ = new BehaviorSubject<Source | undefined>(undefined);
  /** The running source. */
  readonly source$: Observable<Source | undefined> = this.#source$;
  #faceSeenAt = 0;

  constructor(private readonly dependencies: SessionDependencies) {
    combineLatest([this.#choice$, this.#restart$])
      .pipe(
        switchMap(([choice]) => this.#openSource(choice)),
        switchMap((source) => this.#run(source)),
      )
      .subscribe();
  }

  choose(choice: Choice): void {
    this.#choice$.next(choice);
  }

  /** Restarts the chosen source. */
  restart(): void {
    this.#restart$.next();
  }

  #openSource(choice: Choice): Observable<Source> {
    const { store, paused$, sources = SOURCES } = this.dependencies;
    if (choice.kind === 'sample') return of(sources.sample(paused$));
    if (choice.kind === 'cam') {
      return store
        .pick$('camera', 'resolution', 'cameraInBackground')
        .pipe(switchMap((request) => of(sources.cam({ ...request, deviceId: request.camera }, paused$))));
    }
    if (!choice.file) {
      this.#waitForFile();
      return EMPTY;
    }
    try {
      return of(sources.file(choice.file, paused$));
    } catch (error) {
      this.dependencies.onError(error);
      return EMPTY;
    }
  }

  #run(source: Source): Observable<unknown> {
    const { readings, notices, state, tracker$, onError } = this.dependencies;
    this.#source$.next(source);
    readings.startSource(source.name);
    notices.showHint(null);
    state.loading();
    this.#faceSeenAt = performance.now();
    let first = true;
    return displayFrames(source, tracker$).pipe(
      tap((shown) => {
        if (first && source.kind === 'cam') this.#cameraAllowed$.next();
        first = false;
        this.#showFrame(shown);
      }),
      catchError((error: unknown) => {
        onError(error);
        return EMPTY;
      }),
    );
  }

  #showFrame({ tracked: original, isTracked }: DisplayFrame): void {
    const { drawFrame, readings, state, paused$, adapt } = this.dependencies;
    try {
      const tracked = isTracked && adapt ? adapt(original) : original;
      drawFrame(tracked);
      if (!isTracked) return;
      const now = performance.now();
      readings.showFrame(tracked, now);
      state.tracked(tracked, paused$.value);
      this.#updateHint(tracked, now);
      this.#tracked$.next(tracked);
    } finally {
      original.frame.image.close();
    }
  }

  #updateHint({ faces }: TrackedFrame, now: number): void {
    if (faces.length > 0) this.#faceSeenAt = now;
    this.dependencies.notices.showHint(now - this.#faceSeenAt > HINT_DELAY ? 'No face in view' : null);
  }

  #waitForFile(): void {
    this.dependencies.state.idle();
    this.dependencies.notices.showHint('Open a video or a picture, or drop one here.');
  }
}

function displayFrames(source: Source, tracker$: Observable<Tracker | undefined>): Observable<DisplayFrame> {
  return source.kind === 'picture' ? trackStills(source.frames$, tracker$) : trackWith(source.frames$, tracker$);
}
