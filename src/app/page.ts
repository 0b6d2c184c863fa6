import { BehaviorSubject, combineLatest, debounceTime, skip } from 'rxjs';
import { filterNames, onFilterSaved } from '../filters/index';
import { TrackerError } from '../index';
import { Calibration } from './readings/calibration';
import { EventLog } from './readings/events';
import type { Remedy } from './session/error-texts';
import { PageState } from './session/page-state';
import { retry } from './session/retry';
import { type Choice, Session } from './session/session';
import { TrackerKeeper } from './session/tracker-keeper';
import { keep } from './settings/kept-settings';
import { isMirrored, isTransparent, overlayRecord, type Settings } from './settings/settings';
import { SettingsStore } from './settings/settings-store';
import { Avatars, isAvatarFile } from './stage/avatars';
import { FilterKeeper } from './stage/filter-keeper';
import { StageKeeper } from './stage/stage-keeper';
import { Takes } from './stage/takes';
import { AvatarsPanel } from './ui/avatars-panel';
import { CalibrateRow } from './ui/calibrate-row';
import { cameraPicker } from './ui/camera-picker';
import { bindControls } from './ui/controls';
import { Dock } from './ui/dock';
import { onDrop } from './ui/drop';
import { element } from './ui/elements';
import { EventList } from './ui/event-list';
import { FilterChips } from './ui/filter-chips';
import { bindKeys } from './ui/keys';
import { linkButton } from './ui/link-button';
import { Notices } from './ui/notices';
import { pageKeys } from './ui/page-keys';
import { PlotPanel } from './ui/plot-panel';
import { Readouts } from './ui/readouts';
import { saveFile } from './ui/save-file';
import { section } from './ui/sections';
import { SmoothingPanel } from './ui/smoothing-panel';
import { TakesPanel } from './ui/takes-panel';

/** Puts the page together and starts it. `complaints`: settings of the address that were ignored. */
export function startPage(start: Settings, complaints: readonly string[]): void {
  new Page(start).start(start, complaints);
}

class Page {
  readonly #state = new PageState();
  readonly #paused$ = new BehaviorSubject(false);
  readonly #notices = new Notices((remedy) => this.#remedy(remedy));
  readonly #readouts = new Readouts();
  readonly #store: SettingsStore;
  readonly #filters: FilterKeeper;
  readonly #stage: StageKeeper;
  readonly #tracker: TrackerKeeper;
  readonly #session: Session;
  readonly #dock: Dock;
  readonly #avatars: Avatars;
  readonly #takes: Takes;
  readonly #calibration = new Calibration();
  readonly #events = new EventList(section('events'), new EventLog());
  #failure = '';

  constructor(start: Settings) {
    this.#store = new SettingsStore(start);
    this.#filters = new FilterKeeper({ store: this.#store, notices: this.#notices, state: this.#state });
    this.#stage = this.#makeStage(start);
    this.#tracker = new TrackerKeeper(this.#store.pick$('bundle', 'provider', 'threads', 'smooth', 'faces'), {
      onProgress: (progress) => this.#notices.progress(progress),
      onError: (error) => this.#fail(error),
    });
    this.#session = new Session({
      store: this.#store,
      tracker$: this.#tracker.tracker$,
      stage: this.#stage,
      readouts: this.#readouts,
      notices: this.#notices,
      state: this.#state,
      paused$: this.#paused$,
      adapt: (tracked) => this.#calibration.apply(tracked),
      onError: (error) => {
        if (error instanceof TrackerError) this.#tracker.giveUp();
        this.#fail(error);
      },
    });
    this.#avatars = this.#makeAvatars();
    this.#takes = this.#makeTakes();
    this.#dock = new Dock({
      choose: (choice) => this.#take(choice),
      togglePause: () => this.#paused$.next(!this.#paused$.value),
    });
  }

  start({ source }: Settings, complaints: readonly string[]): void {
    for (const complaint of complaints) this.#notices.complain(complaint);
    const cameras = cameraPicker(this.#store);
    bindControls(this.#store);
    bindKeys(pageKeys(this.#store, this.#paused$, this.#calibration, this.#takes));
    onDrop((file) => this.#take({ kind: 'file', file }));
    this.#paused$.subscribe((paused) => {
      this.#dock.showPaused(paused);
      if (paused) this.#state.paused();
    });
    const chips = new FilterChips(section('filters'), this.#store, filterNames);
    onFilterSaved(() => chips.refresh());
    this.#filters.drive(this.#stage);
    this.#store.all$.subscribe((settings) => applyToStage(this.#stage, settings));
    this.#store.all$.pipe(skip(1), debounceTime(300)).subscribe((settings) => void keep(settings));
    this.#tracker.tracker$.subscribe((opened) => opened && this.#stage.setModel(opened.faceModel));
    new CalibrateRow(section('events'), this.#calibration);
    this.#session.tracked$.subscribe((tracked) => this.#events.show(tracked));
    new SmoothingPanel(section('smoothing'), this.#store);
    const plot = new PlotPanel(section('smoothing'));
    this.#session.tracked$.subscribe((tracked) => plot.show(tracked));
    linkButton(section('smoothing'), this.#store);
    combineLatest([this.#tracker.tracker$, this.#store.pick$('smoothing').pipe(debounceTime(120))]).subscribe(
      ([tracker, { smoothing }]) => tracker?.setSmoothing(smoothing),
    );
    this.#session.cameraAllowed$.subscribe(() => void cameras.refresh());
    void cameras.refresh();
    this.#choose({ kind: source });
  }

  #makeAvatars(): Avatars {
    const panel = new AvatarsPanel(section('avatar'), this.#store, {
      openCharacter: () => void this.#avatars.openCharacter(),
      openFile: (file) => void this.#avatars.openFile(file),
      openPicture: (file) => void this.#avatars.openPicture(file),
    });
    return new Avatars({
      store: this.#store,
      stage: this.#stage,
      notices: this.#notices,
      state: this.#state,
      onAvatar: (name, loading) => panel.show(name, loading),
    });
  }

  #makeTakes(): Takes {
    const takes: Takes = new Takes({
      stage: () => this.#stage.now,
      drawn$: this.#session.tracked$,
      source$: this.#session.source$,
      paused$: this.#paused$,
      transparent: () => isTransparent(this.#store.now),
      microphone: () => panel.microphone,
      save: saveFile,
      complain: (text) => this.#notices.complain(text),
    });
    const panel = new TakesPanel(section('takes'), element('take-sign', HTMLButtonElement), takes);
    return takes;
  }

  #makeStage({ engine }: Settings): StageKeeper {
    return new StageKeeper(element('stage', HTMLCanvasElement), engine, {
      onEngine: (opened) => {
        this.#state.engine(opened);
        element('engine', HTMLOutputElement).value = opened === 'webgpu' ? 'WebGPU' : 'WebGL 2';
      },
      onLost: () => this.#notices.complain('The graphics device was lost; the picture is being rebuilt.'),
      onError: (error) => this.#fail(error),
      filters: this.#filters,
    });
  }

  #fail(error: unknown): void {
    this.#failure = this.#notices.showError(error).code;
    this.#state.failed(this.#failure);
  }

  /** A file may also be an avatar: the source then goes on. */
  #take(choice: Choice): void {
    if (choice.kind === 'file' && choice.file && isAvatarFile(choice.file)) void this.#avatars.openFile(choice.file);
    else this.#choose(choice);
  }

  #choose(choice: Choice): void {
    this.#notices.clearError();
    this.#state.errorSeen();
    this.#tracker.recover();
    this.#paused$.next(false);
    this.#dock.show(choice);
    this.#store.set({ source: choice.kind });
    this.#events.reset();
    this.#session.choose(choice);
  }

  #remedy(remedy: Remedy): void {
    this.#state.errorSeen();
    const remedies: Record<Remedy, () => void> = {
      retry: () => retry(this.#failure, { store: this.#store, tracker: this.#tracker, session: this.#session }),
      sample: () => this.#choose({ kind: 'sample' }),
      file: () => this.#dock.pickFile(),
      reload: () => location.reload(),
    };
    remedies[remedy]();
  }
}

function applyToStage(stage: StageKeeper, settings: Settings): void {
  document.body.classList.toggle('clean', settings.clean);
  document.documentElement.classList.toggle('transparent', isTransparent(settings));
  stage.set({
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
