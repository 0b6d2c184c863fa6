import {
  BehaviorSubject,
  combineLatest,
  debounceTime,
  fromEvent,
  map,
  type Observable,
  race,
  Subject,
  skip,
  startWith,
  switchMap,
  take,
  takeWhile,
  timer,
} from 'rxjs';
import type { FaceModel } from '../face/face-model';
import { TrackerError } from '../index';
import { markStart } from '../pipeline/start-marks';
import { RecordingStore } from '../recording/recording-store';
import { applyRemedy, connectChoices, type PageContext, startSource } from './choices';
import { Calibration } from './readings/calibration';
import { EventLog } from './readings/events';
import { Offline } from './session/offline';
import { PageState } from './session/page-state';
import { Session, type SessionDependencies } from './session/session';
import { TrackerKeeper } from './session/tracker-keeper';
import { isMirrored, isTransparent, overlayRecord, type Settings } from './settings/settings';
import { SettingsStore } from './settings/settings-store';
import { deleteStored, storeSettings } from './settings/stored-settings';
import { Avatars } from './stage/avatars';
import { FilterKeeper } from './stage/filter-keeper';
import { Recordings } from './stage/recordings';
import { StageKeeper } from './stage/stage-keeper';
import { Takes } from './stage/takes';
import type { WholeClip } from './stage/whole-clip';
import { Dock } from './ui/dock';
import { element } from './ui/elements';
import { EventList } from './ui/event-list';
import { bindKeys } from './ui/keys';
import { Notices } from './ui/notices';
import { pageKeys } from './ui/page-keys';
import { buildPanel } from './ui/panel';
import { Readouts } from './ui/readouts';
import { saveFile } from './ui/save-file';
import { section } from './ui/sections';
import { createPlayer, createWholeClip } from './video';

type KnownFaces = NonNullable<SessionDependencies['knownFaces']>;

/** Milliseconds after which the page is stored although nothing is tracked. */
const OFFLINE_DELAY = 30_000;

/** The objects that follow the session. */
interface SessionObjects {
  readonly stage: StageKeeper;
  readonly tracker: TrackerKeeper;
  readonly calibration: Calibration;
  readonly dock: Dock;
  readonly events: EventList;
  readonly knownFaces: KnownFaces;
}

/**
 * Builds the page from its lower to its upper layers and starts the source that the settings name. Each object receives
 * only objects that were built before it. `warnings` are shown at once.
 */
export function startPage(settings: Settings, warnings: readonly string[]): void {
  const context = createContext(settings);
  if (warnings.length > 0) context.notices.warn(warnings.join(' '), 'address');
  const calibration = new Calibration();
  const stage = createStage(context);
  // The plot and a recording request the faces before smoothing.
  const [rawFaces$, recordedRaw$] = [new BehaviorSubject(false), new BehaviorSubject(false)];
  const anyRaw$ = combineLatest([rawFaces$, recordedRaw$]).pipe(map((wanted) => wanted.includes(true)));
  const tracker = createTracker(context, stage, anyRaw$);
  const dock = new Dock(context.paused$);
  const events = new EventList(section('events'), new EventLog());
  let whole: WholeClip | undefined;
  const knownFaces: KnownFaces = (source, frame) => whole?.knownFaces(source, frame);
  const session = createSession(context, { stage, tracker, calibration, dock, events, knownFaces });
  connectWideMasks(tracker, stage, session);
  const avatars = new Avatars({ ...context, stage });
  const microphone$ = new BehaviorSubject(false);
  const takes = createTakes(context, stage, session, microphone$);
  const recordingStore = new RecordingStore();
  const recordings = createRecordings(context, session, recordingStore, recordedRaw$);
  const model = faceModelOf(context, tracker);
  const offline = createOffline(context, session);
  const deleteAll = async () => {
    context.deleted$.next();
    await recordings.stop();
    await deleteStored();
    await recordingStore.deleteAll();
    await recordings.stored.refresh();
    await offline.deleteAll();
    calibration.forget();
  };
  buildPanel({
    ...context,
    calibration,
    session,
    avatars,
    takes,
    recordings,
    recordingStore,
    model,
    events,
    microphone$,
    rawFaces$,
    offline$: offline.state$,
    deleteAll,
  });
  const player = createPlayer(context, session);
  whole = createWholeClip(context, { player, stage, tracker });
  bindKeys(pageKeys({ ...context, player, calibration, takes, recordings }));
  const objects = { tracker, session, avatars, dock };
  connectChoices(context, objects);
  context.notices.remedy$.subscribe((choice) => applyRemedy(context, objects, choice));
  context.notices.closed$.subscribe(() => context.state.errorDismissed());
  startSource(context, objects, { kind: settings.source });
  markStart('interactive');
  stage.drawn$.pipe(takeWhile(({ faces }) => faces.length === 0, true)).subscribe(({ faces }) => {
    markStart('frame');
    if (faces.length > 0) markStart('face');
  });
}

function createContext(settings: Settings): PageContext {
  const store = new SettingsStore(settings);
  const state = new PageState();
  const notices = new Notices();
  const paused$ = new BehaviorSubject(false);
  const deleted$ = new Subject<void>();
  // A change that is not stored yet is not stored after a deletion.
  const changed$ = deleted$.pipe(
    startWith(undefined),
    switchMap(() => store.all$.pipe(skip(1), debounceTime(300))),
  );
  changed$.subscribe((changed) => void storeSettings(changed));
  paused$.subscribe((paused) => paused && state.paused());
  const reportError = (error: unknown, goesOn = false) => state.failed(notices.showError(error).code, goesOn);
  return { store, state, notices, paused$, deleted$, reportError };
}

/** What the user can do where the browser has neither WebGPU nor WebGL 2. */
const NO_3D_HELP = 'Turn on hardware acceleration in the browser’s settings, or use another browser.';

const ENGINE_NAMES = { webgpu: 'WebGPU', webgl2: 'WebGL 2', '2d': '2D canvas' } as const;

function createStage(context: PageContext): StageKeeper {
  const { store, state, notices, reportError } = context;
  const filters = new FilterKeeper(context);
  const stage = new StageKeeper(element('stage', HTMLCanvasElement), store.now.engine, {
    onEngine: (engine) => {
      notices.clearWarning('graphics');
      state.engine(engine);
      markStart('graphics');
      element('engine', HTMLOutputElement).value = ENGINE_NAMES[engine];
    },
    onLost: () => notices.warn('The graphics device was lost. The picture is being restored.', 'graphics'),
    onNo3D: (reason) =>
      notices.warn(`The page cannot draw in 3D: ${reason} It shows landmarks and occluders only. ${NO_3D_HELP}`),
    onError: reportError,
    filters,
  });
  filters.connect(stage);
  store.all$.subscribe((settings) => applyToStage(stage, settings));
  return stage;
}

function applyToStage(stage: StageKeeper, settings: Settings): void {
  document.body.classList.toggle('clean', settings.clean);
  document.documentElement.classList.toggle('transparent', settings.transparent || isTransparent(settings));
  document.documentElement.dataset.shape = settings.aspect;
  stage.setOptions({
    look: settings.look,
    occlusion: settings.occlusion,
    overlays: overlayRecord(settings.overlays),
    mirror: isMirrored(settings),
    fit: settings.fit,
    light: settings.light,
    place: settings.place,
    backdrop: settings.backdrop,
  });
}

function createTracker(
  { store, state, notices, reportError }: PageContext,
  stage: StageKeeper,
  rawFaces$: Observable<boolean>,
): TrackerKeeper {
  const keeper = new TrackerKeeper(store.pick$('bundle', 'provider', 'detector', 'threads', 'smooth', 'faces'), {
    onProgress: (progress) => notices.showProgress(progress),
    onError: (error) => reportError(error, state.isRunning),
  });
  keeper.tracker$.subscribe((tracker) => {
    if (!tracker) return;
    markStart('tracker');
    stage.setModel(tracker.faceModel);
  });
  combineLatest([keeper.tracker$, store.pick$('smoothing').pipe(debounceTime(120))]).subscribe(
    ([tracker, { smoothing }]) => tracker?.setSmoothing(smoothing),
  );
  combineLatest([keeper.tracker$, rawFaces$]).subscribe(([tracker, include]) => tracker?.setRawFaces(include));
  return keeper;
}

/** A picture is tracked once, before it is known what will be drawn on it: its masks are always wide. */
function connectWideMasks({ tracker$ }: TrackerKeeper, { surroundsFaces$ }: StageKeeper, { source$ }: Session): void {
  combineLatest([tracker$, surroundsFaces$, source$]).subscribe(([tracker, surrounds, source]) =>
    tracker?.setWideMasks(surrounds || source?.kind === 'picture'),
  );
}

function createSession(context: PageContext, objects: SessionObjects): Session {
  const { stage, tracker, calibration, dock, events, knownFaces } = objects;
  const session: Session = new Session({
    ...context,
    tracker$: tracker.tracker$,
    drawFrame: (tracked) => stage.showFrame(tracked),
    clearFrame: () => stage.clearFrame(),
    readings: new Readouts(),
    adapt: (tracked) => calibration.apply(tracked),
    knownFaces,
    onStart: ({ kind }) => {
      context.paused$.next(false);
      dock.showChoice(kind);
      context.store.set({ source: kind });
      events.reset();
    },
    onError: (error, goesOn) => {
      if (error instanceof TrackerError) tracker.giveUp();
      dock.showChoice(session.running?.kind);
      context.reportError(error, goesOn);
    },
  });
  session.source$.pipe(skip(1)).subscribe((source) => {
    calibration.cancel();
    if (!source) events.end();
  });
  return session;
}

/** The page is stored once it tracks, so that storing it does not delay the first face. */
function createOffline({ notices }: PageContext, session: Session): Offline {
  const offline = new Offline();
  offline.update$.subscribe(() =>
    notices.warn('A new version is ready.', 'version', { label: 'Reload', run: () => offline.useUpdate() }),
  );
  // The development server has no service worker.
  if (import.meta.hot) return offline;
  race(session.tracked$, timer(OFFLINE_DELAY))
    .pipe(take(1))
    .subscribe(() => void offline.start());
  fromEvent(document, 'visibilitychange').subscribe(() => document.hidden || offline.check(Date.now()));
  return offline;
}

function createTakes(
  { store, notices, paused$ }: PageContext,
  stage: StageKeeper,
  session: Session,
  microphone$: BehaviorSubject<boolean>,
): Takes {
  return new Takes({
    stage: () => stage.current,
    drawn$: stage.drawn$,
    source$: session.source$,
    paused$,
    transparent: () => isTransparent(store.now),
    microphone: () => microphone$.value,
    save: saveFile,
    notices,
  });
}

function createRecordings(
  { store, notices }: PageContext,
  { tracked$, source$ }: Session,
  recordingStore: RecordingStore,
  rawFaces$: BehaviorSubject<boolean>,
): Recordings {
  const bundle = () => store.now.bundle;
  return new Recordings({ store: recordingStore, tracked$, source$, bundle, rawFaces$, save: saveFile, notices });
}

/** Returns a function that gives the face model of the running tracker, with the name of its bundle. */
function faceModelOf({ store }: PageContext, { tracker$ }: TrackerKeeper) {
  let current: { readonly bundle: string; readonly model: FaceModel } | undefined;
  tracker$.subscribe((tracker) => {
    current = tracker && { bundle: store.now.bundle, model: tracker.faceModel };
  });
  return () => current;
}
