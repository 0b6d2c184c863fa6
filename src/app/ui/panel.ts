import type { BehaviorSubject, Observable } from 'rxjs';
import { filterNames, onFilterSaved } from '../../filters/index';
import type { RecordingStore } from '../../recording/recording-store';
import type { Calibration } from '../readings/calibration';
import type { OfflineState } from '../session/offline';
import type { Session } from '../session/session';
import type { SettingsStore } from '../settings/settings-store';
import type { Avatars } from '../stage/avatars';
import type { Recordings } from '../stage/recordings';
import type { Takes } from '../stage/takes';
import { AvatarsPanel } from './avatars-panel';
import { CalibrateRow } from './calibrate-row';
import { cameraPicker } from './camera-picker';
import { bindControls } from './controls';
import { element } from './elements';
import type { EventList } from './event-list';
import { FilterChips } from './filter-chips';
import { linkButton } from './link-button';
import { OutputPanel } from './output/output-panel';
import { PlotPanel } from './plot-panel';
import { ExportDialog, type ExportDialogDependencies } from './recordings/export-dialog';
import { RecordingsPanel } from './recordings/recordings-panel';
import { saveFile } from './save-file';
import { section } from './sections';
import { SmoothingPanel } from './smoothing-panel';
import { storagePanel } from './storage-panel';
import { TakesPanel } from './takes-panel';

export interface PanelDependencies {
  readonly store: SettingsStore;
  readonly calibration: Calibration;
  readonly session: Session;
  readonly avatars: Avatars;
  readonly takes: Takes;
  readonly recordings: Recordings;
  readonly recordingStore: RecordingStore;
  /** The face model in use, for exports. */
  readonly model: ExportDialogDependencies['model'];
  readonly events: EventList;
  /** Receives whether to record the microphone with a camera. */
  readonly microphone$: BehaviorSubject<boolean>;
  /** Receives whether tracked frames must contain the faces before smoothing. */
  readonly rawFaces$: BehaviorSubject<boolean>;
  readonly offline$: Observable<OfflineState>;
  /** Deletes everything that the page has stored. */
  readonly deleteAll: () => Promise<void>;
}

/** Fills the sections of the panel and connects its controls. */
export function buildPanel(dependencies: PanelDependencies): void {
  const { store, calibration, session, avatars, takes, events, microphone$, rawFaces$, offline$, deleteAll } =
    dependencies;
  bindControls(store);
  new AvatarsPanel(section('avatar'), store, avatars);
  const chips = new FilterChips(section('filters'), store, filterNames);
  onFilterSaved(() => chips.refresh());
  session.tracked$.subscribe((tracked) => events.addFrame(tracked));
  new CalibrateRow(section('events'), calibration);
  new SmoothingPanel(section('smoothing'), store);
  const plot = new PlotPanel(section('smoothing'), rawFaces$);
  session.tracked$.subscribe((tracked) => plot.addFrame(tracked));
  linkButton(section('smoothing'), store);
  buildRecordings(dependencies);
  new OutputPanel(section('output'), session.tracked$);
  new TakesPanel(section('takes'), element('take-sign', HTMLButtonElement), takes, microphone$);
  storagePanel(section('storage'), { offline$, deleteAll });
  const cameras = cameraPicker(store);
  session.cameraAllowed$.subscribe(() => void cameras.refresh());
  void cameras.refresh();
}

function buildRecordings({ recordings, recordingStore: store, model, avatars }: PanelDependencies): void {
  const dialog = new ExportDialog({ store, model, avatar: () => avatars.file, save: saveFile });
  new RecordingsPanel(section('recordings'), recordings, store, (info) => void dialog.open(info));
}
