import { BehaviorSubject, catchError, EMPTY, type Observable, of, Subject, Subscription, switchMap, tap } from 'rxjs';
import type { Face, Frame, TrackedFrame } from '../../face/types';
import type { Tracker } from '../../index';
import type { SettingsStore } from '../settings/settings-store';
import type { OpenSource } from './file-source';
import type { PageState } from './page-state';
import type { NoticeReports, ReadingReports } from './reports';
import { cameraSource, type Source, sampleSource } from './source';
import { trackStills } from './track-stills';
import { type DisplayFrame, trackWith } from './track-with';
import { whenReady } from './when-ready';

/** The source that the user chooses. `open` is undefined until the user has picked a file. */
export type Choice =
  | { readonly kind: 'sample' }
  | { readonly kind: 'cam' }
  | { readonly kind: 'file'; readonly open?: OpenSource };

export interface SessionDependencies {
  readonly store: SettingsStore;
  readonly tracker$: Observable<Tracker | undefined>;
  /** Draws a frame before it returns; the session closes the frame afterwards. */
  readonly drawFrame: (tracked: TrackedFrame) => void;
  /** Removes the last frame from the picture. */
  readonly clearFrame: () => void;
  readonly readings: ReadingReports;
  readonly notices: Pick<NoticeReports, 'showHint' | 'warn'>;
  readonly state: PageState;
  readonly paused$: BehaviorSubject<boolean>;
  /** A choice becomes the running source. */
  readonly onStart: (choice: Choice) => void;
  /** A source failed. `goesOn`: the source that ran before still runs. */
  readonly onError: (error: unknown, goesOn: boolean) => void;
  /** Changes each tracked frame before it is drawn and emitted. */
  readonly adapt?: (tracked: TrackedFrame) => TrackedFrame;
  /** The faces of a frame of this source, where they are known already. */
  readonly knownFaces?: (source: Source, frame: Frame) => readonly Face[] | undefined;
  /** Tests pass doubles. */
  readonly sources?: Sources;
}

/** Opens the source for each kind of choice. */
export interface Sources {
  readonly sample: typeof sampleSource;
  readonly cam: typeof cameraSource;
}

const SOURCES: Sources = { sample: sampleSource, cam: cameraSource };

/** Milliseconds without a face before the page shows a hint. */
const HINT_DELAY = 1500;

/** A choice that is being opened or runs. Unsubscribing closes its source. */
class Attempt extends Subscription {
  /** Emits false until the choice runs: its source plays before that, even if the page is paused. */
  readonly isRunning$ = new BehaviorSubject(false);

  constructor(readonly choice: Choice) {
    super();
  }
}

/**
 * Runs the chosen source through the tracker and onto the stage. The running source continues until the first frame of
 * the next one, and if that one fails. The session closes each frame once, after drawing it.
 */
export class Session {
  readonly #tracked$ = new Subject<TrackedFrame>();
  /** Each tracked frame after it was drawn. Its picture is closed when all subscribers have returned. */
  readonly tracked$: Observable<TrackedFrame> = this.#tracked$;
  readonly #cameraAllowed$ = new Subject<void>();
  /** Emits at the first frame of a camera: from then on the browser reveals the names of cameras. */
  readonly cameraAllowed$: Observable<void> = this.#cameraAllowed$;
  readonly #source$ = new BehaviorSubject<Source | undefined>(undefined);
  /** The running source; undefined when it has failed. */
  readonly source$: Observable<Source | undefined> = this.#source$;
  #running: Attempt | undefined;
  #opening: Attempt | undefined;
  #choice: Choice | undefined;
  #isTracking = false;
  #faceSeenAt = 0;

  constructor(private readonly dependencies: SessionDependencies) {}

  /** The running choice. */
  get running(): Choice | undefined {
    return this.#running?.choice;
  }

  /** Whether the running source gives tracked frames. */
  get isTracking(): boolean {
    return this.#isTracking;
  }

  choose(choice: Choice): void {
    this.#choice = choice;
    this.#opening?.unsubscribe();
    if (choice.kind === 'file' && !choice.open) {
      this.#waitForFile();
      return;
    }
    const running = this.#running?.choice;
    // A camera cannot be opened twice.
    if (running === choice || (running?.kind === 'cam' && choice.kind === 'cam')) this.#stop();
    const attempt = new Attempt(choice);
    this.#opening = attempt;
    const sources$ = this.#sources(attempt);
    attempt.add(sources$.pipe(switchMap((source) => this.#present(source, attempt))).subscribe());
  }

  /** Opens the last choice again. */
  restart(): void {
    if (this.#choice) this.choose(this.#choice);
  }

  #sources({ choice, isRunning$ }: Attempt): Observable<Source> {
    const { store, notices, sources = SOURCES } = this.dependencies;
    const paused$ = isRunning$.pipe(switchMap((isRunning) => (isRunning ? this.dependencies.paused$ : of(false))));
    if (choice.kind === 'sample') return of(sources.sample(paused$));
    if (choice.kind === 'cam') {
      return store
        .pick$('camera', 'resolution', 'cameraInBackground')
        .pipe(switchMap((request) => of(sources.cam({ ...request, deviceId: request.camera }, paused$))));
    }
    return choice.open ? of(choice.open(paused$, (text) => notices.warn(text, 'source'))) : EMPTY;
  }

  /** Opens a source of an attempt and runs it, at once if nothing else runs. */
  #present(source: Source, attempt: Attempt): Observable<unknown> {
    const isAlone = this.#running === undefined || this.#running === attempt;
    return (isAlone ? of(source) : whenReady(source)).pipe(
      switchMap((ready) => {
        this.#promote(attempt);
        return this.#run(ready);
      }),
      catchError((error: unknown) => {
        if (this.#running === attempt) this.#clear();
        // A camera is opened again when its settings change.
        this.#opening = attempt;
        this.dependencies.onError(error, this.#running !== undefined);
        return EMPTY;
      }),
    );
  }

  /** Makes an attempt the running one. */
  #promote(attempt: Attempt): void {
    if (this.#running === attempt) return;
    this.#running?.unsubscribe();
    this.#running = attempt;
    this.#opening = undefined;
    this.dependencies.onStart(attempt.choice);
    attempt.isRunning$.next(true);
  }

  #run(source: Source): Observable<unknown> {
    const { readings, notices, state } = this.dependencies;
    this.#source$.next(source);
    readings.startSource(source.name);
    notices.showHint(null);
    state.loading();
    this.#isTracking = false;
    this.#faceSeenAt = performance.now();
    let first = true;
    return this.#displayFrames(source).pipe(
      tap((shown) => {
        if (first && source.kind === 'cam') this.#cameraAllowed$.next();
        first = false;
        this.#showFrame(shown);
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
      this.#isTracking = true;
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

  #stop(): void {
    this.#running?.unsubscribe();
    this.#clear();
  }

  /** Removes what a source that has ended left: picture, readings, hint. */
  #clear(): void {
    const { readings, notices, state, clearFrame } = this.dependencies;
    this.#running = undefined;
    this.#isTracking = false;
    this.#source$.next(undefined);
    clearFrame();
    readings.clear();
    notices.showHint(null);
    state.cleared();
  }

  #waitForFile(): void {
    this.dependencies.state.idle();
    this.dependencies.notices.showHint('Open a video or a picture, or drop one here.');
  }

  #displayFrames(source: Source): Observable<DisplayFrame> {
    const { tracker$, knownFaces } = this.dependencies;
    const { kind, frames$, control } = source;
    if (kind === 'picture') return trackStills(frames$, tracker$);
    const isCut = (frame: Frame) => control?.clock.isCut(frame.time) ?? false;
    return trackWith(frames$, tracker$, isCut, (frame) => knownFaces?.(source, frame));
  }
}
