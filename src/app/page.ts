import { BehaviorSubject, debounceTime, skip } from 'rxjs';
import type { Remedy } from './error-texts';
import { keep } from './kept-settings';
import { pageKeys } from './page-keys';
import { type Choice, Session } from './session';
import { DEFAULT_SETTINGS, isMirrored, overlayRecord, type Settings } from './settings';
import { SettingsStore } from './settings-store';
import { StageKeeper } from './stage-keeper';
import { TrackerKeeper } from './tracker-keeper';
import { cameraPicker } from './ui/camera-picker';
import { bindControls } from './ui/controls';
import { Dock } from './ui/dock';
import { onDrop } from './ui/drop';
import { element } from './ui/elements';
import { bindKeys } from './ui/keys';
import { Notices } from './ui/notices';
import { Readouts } from './ui/readouts';

/** Puts the page together and starts it. `complaints`: settings of the address that were ignored. */
export function startPage(start: Settings, complaints: readonly string[]): void {
  const state = document.documentElement.dataset;
  Object.assign(state, { state: 'loading', frames: '0', faces: '0', provider: '', engine: '', error: '' });
  const store = new SettingsStore(start);
  const paused$ = new BehaviorSubject(false);
  const notices = new Notices((remedy) => remedies[remedy]());
  const readouts = new Readouts();
  const cameras = cameraPicker(store);
  bindControls(store);

  const stage = new StageKeeper(element('stage', HTMLCanvasElement), start.engine, {
    onEngine: (engine) => {
      state.engine = engine;
      element('engine', HTMLOutputElement).value = engine === 'webgpu' ? 'WebGPU' : 'WebGL 2';
    },
    onLost: () => notices.complain('The graphics device was lost; the picture is being rebuilt.'),
    onError: (error) => fail(error),
  });
  const tracker = new TrackerKeeper(store.pick$('bundle', 'provider', 'threads', 'smooth', 'faces'), {
    onProgress: (progress) => notices.progress(progress),
    onError: (error) => fail(error),
  });
  const session = new Session({ store, tracker, stage, readouts, notices, paused$, onError: (error) => fail(error) });
  const dock = new Dock({
    choose: (choice) => choose(choice),
    togglePause: () => paused$.next(!paused$.value),
  });

  let failure = '';
  const fail = (error: unknown) => {
    failure = notices.showError(error).code;
    state.state = 'error';
  };
  const choose = (choice: Choice) => {
    notices.clearError();
    tracker.recover();
    paused$.next(false);
    dock.show(choice);
    store.set({ source: choice.kind });
    session.choose(choice);
  };
  const remedies: Record<Remedy, () => void> = {
    retry: () => {
      // A kept camera may be another machine's, or gone for good.
      if (failure === 'camera-constraint') store.set({ camera: '', resolution: DEFAULT_SETTINGS.resolution });
      tracker.recover();
      session.again();
    },
    sample: () => choose({ kind: 'sample' }),
    file: () => dock.pickFile(),
    reload: () => location.reload(),
  };

  for (const complaint of complaints) notices.complain(complaint);
  paused$.subscribe((paused) => {
    dock.showPaused(paused);
    if (paused && state.state === 'running') state.state = 'paused';
  });
  store.all$.subscribe((settings) => applyToStage(stage, settings));
  store.all$.pipe(skip(1), debounceTime(300)).subscribe((settings) => void keep(settings));
  tracker.tracker$.subscribe((opened) => opened && stage.setModel(opened.faceModel));
  session.cameraAllowed$.subscribe(() => void cameras.refresh());
  void cameras.refresh();
  onDrop((file) => choose({ kind: 'file', file }));
  bindKeys(pageKeys(store, paused$));
  choose({ kind: start.source });
}

function applyToStage(stage: StageKeeper, settings: Settings): void {
  document.body.classList.toggle('clean', settings.clean);
  stage.set({
    look: settings.look,
    occlusion: settings.occlusion,
    overlays: overlayRecord(settings.overlays),
    mirror: isMirrored(settings),
    fit: settings.fit,
  });
}
