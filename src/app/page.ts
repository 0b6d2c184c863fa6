import { BehaviorSubject, combineLatest, debounceTime, type Observable, skip } from 'rxjs';
import { TrackerError } from '../index';
import { Calibration } from './readings/calibration';
import { EventLog } from './readings/events';
import type { Remedy } from './session/error-texts';
import { PageState } from './session/page-state';
import { retry } from './session/retry';
import { type Choice, Session } from './session/session';
import { TrackerKeeper } from './session/tracker-keeper';
import { isMirrored, isTransparent, overlayRecord, type Settings } from './settings/settings';
import { SettingsStore } from './settings/settings-store';
import { storeSettings } from './settings/stored-settings';
import { Avatars, isAvatarFile } from './stage/avatars';
import { FilterKeeper } from './stage/filter-keeper';
import { StageKeeper } from './stage/stage-keeper';
import { Takes } from './stage/takes';
import { Dock } from './ui/dock';
import { onDrop } from './ui/drop';
import { element } from './ui/elements';
import { EventList } from './ui/event-list';
import { bindKeys } from './ui/keys';
import { Notices, type RemedyChoice } from './ui/notices';
import { pageKeys } from './ui/page-keys';
import { buildPanel } from './ui/panel';
import { Readouts } from './ui/readouts';
import { saveFile } from './ui/save-file';
import { section } from './ui/sections';

/** Shared by all objects of the page. */
interface PageContext {
  readonly store: SettingsStore;
  readonly state: PageState;
  readonly notices: Notices;
  readonly paused$: BehaviorSubject<boolean>;
  /** Shows an error and publishes its code in the page's state. */
  readonly reportError: (error: unknown) => void;
}

/** The objects that act on a choice of the user. */
interface PageObjects {
  readonly tracker: TrackerKeeper;
  readonly session: Session;
  readonly avatars: Avatars;
  readonly events: EventList;
  readonly dock: Dock;
}

/**
 * Builds the page from its lower to its upper layers and starts the source that the settings name. Each object receives
 * only objects that were built before it. `warnings` are shown at once.
 */
export function startPage(settings: Settings, warnings: readonly string[]): void {
  const context = createContext(settings);
  for (const warning of warnings) context.notices.warn(warning);
  const calibration = new Calibration();
  const stage = createStage(context);
  const rawFaces$ = new BehaviorSubject(false);
  const tracker = createTracker(context, stage, rawFaces$);
  const session = createSession(context, stage, tracker, calibration);
  const avatars = new Avatars({ ...context, stage });
  const microphone$ = new BehaviorSubject(false);
  const takes = createTakes(context, stage, session, microphone$);
  const events = new EventList(section('events'), new EventLog());
  buildPanel({ ...context, calibration, session, avatars, takes, events, microphone$, rawFaces$ });
  bindKeys(pageKeys({ ...context, calibration, takes }));
  const dock = new Dock(context.paused$);
  const objects = { tracker, session, avatars, events, dock };
  dock.choice$.subscribe((choice) => openChoice(context, objects, choice));
  onDrop((file) => openChoice(context, objects, { kind: 'file', file }));
  context.notices.remedy$.subscribe((choice) => applyRemedy(context, objects, choice));
  startSource(context, objects, { kind: settings.source });
}

function createContext(settings: Settings): PageContext {
  const store = new SettingsStore(settings);
  const state = new PageState();
  const notices = new Notices();
  const paused$ = new BehaviorSubject(false);
  store.all$.pipe(skip(1), debounceTime(300)).subscribe((changed) => void storeSettings(changed));
  paused$.subscribe((paused) => paused && state.paused());
  return { store, state, notices, paused$, reportError: (error) => state.failed(notices.showError(error).code) };
}

function createStage(context: PageContext): StageKeeper {
  const { store, state, notices, reportError } = context;
  const filters = new FilterKeeper(context);
  const stage = new StageKeeper(element('stage', HTMLCanvasElement), store.now.engine, {
    onEngine: (engine) => {
      state.engine(engine);
      element('engine', HTMLOutputElement).value = engine === 'webgpu' ? 'WebGPU' : 'WebGL 2';
    },
    onLost: () => notices.warn('The graphics device was lost. The picture is being restored.'),
    onError: reportError,
    filters,
  });
  filters.connect(stage);
  store.all$.subscribe((settings) => applyToStage(stage, settings));
  return stage;
}

function applyToStage(stage: StageKeeper, settings: Settings): void {
  document.body.classList.toggle('clean', settings.clean);
  document.documentElement.classList.toggle('transparent', isTransparent(settings));
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
  { store, notices, reportError }: PageContext,
  stage: StageKeeper,
  rawFaces$: Observable<boolean>,
): TrackerKeeper {
  const keeper = new TrackerKeeper(store.pick$('bundle', 'provider', 'threads', 'smooth', 'faces'), {
    onProgress: (progress) => notices.showProgress(progress),
    onError: reportError,
  });
  keeper.tracker$.subscribe((tracker) => tracker && stage.setModel(tracker.faceModel));
  combineLatest([keeper.tracker$, store.pick$('smoothing').pipe(debounceTime(120))]).subscribe(
    ([tracker, { smoothing }]) => tracker?.setSmoothing(smoothing),
  );
  combineLatest([keeper.tracker$, rawFaces$]).subscribe(([tracker, include]) => tracker?.setRawFaces(include));
  return keeper;
}

function createSession(
  context: PageContext,
  stage: StageKeeper,
  tracker: TrackerKeeper,
  calibration: Calibration,
): Session {
  return new Session({
    ...context,
    tracker$: tracker.tracker$,
    drawFrame: (tracked) => stage.showFrame(tracked),
    readings: new Readouts(),
    adapt: (tracked) => calibration.apply(tracked),
    onError: (error) => {
      if (error instanceof TrackerError) tracker.giveUp();
      context.reportError(error);
    },
  });
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

/** Opens what the user chose. A file that is an avatar leaves the source running. */
function openChoice(context: PageContext, objects: PageObjects, choice: Choice): void {
  if (choice.kind === 'file' && choice.file && isAvatarFile(choice.file)) void objects.avatars.openFile(choice.file);
  else startSource(context, objects, choice);
}

function startSource({ store, state, notices, paused$ }: PageContext, objects: PageObjects, choice: Choice): void {
  const { tracker, session, events, dock } = objects;
  notices.clearError();
  state.errorDismissed();
  tracker.recover();
  paused$.next(false);
  dock.showChoice(choice);
  store.set({ source: choice.kind });
  events.reset();
  session.choose(choice);
}

function applyRemedy(context: PageContext, objects: PageObjects, { remedy, code }: RemedyChoice): void {
  context.state.errorDismissed();
  const remedies: Record<Remedy, () => void> = {
    retry: () => retry(code, { ...context, ...objects }),
    sample: () => startSource(context, objects, { kind: 'sample' }),
    file: () => objects.dock.pickFile(),
    reload: () => location.reload(),
  };
  remedies[remedy]();
}
