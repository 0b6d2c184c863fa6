import type { FaceModel } from '../../../face/face-model';
import { RATES } from '../../../recording/export/resample';
import type { RecordingInfo } from '../../../recording/recording-database';
import type { RecordingStore } from '../../../recording/recording-store';
import type { ExportChoiceName } from '../../stage/export-recording';
import { fileName } from '../../stage/file-name';
import { messageOf } from '../../stage/message-of';
import { make } from '../elements';

/** The code of the formats, loaded when the dialog is opened first. */
const loadExport = () => import('../../stage/export-recording');

export interface ExportDialogDependencies {
  readonly store: RecordingStore;
  /** The face model of the running tracker and the name of its bundle; undefined while there is none. */
  readonly model: () => { readonly bundle: string; readonly model: FaceModel } | undefined;
  /** The file of the avatar in use; undefined without one. */
  readonly avatar: () => Blob | undefined;
  readonly save: (name: string, file: Blob) => void;
}

/** The dialog that exports one face of a recording. */
export class ExportDialog {
  readonly #dialog = make('dialog');
  readonly #title = make('h2', '', 'Export');
  readonly #name = make('p', 'quiet');
  readonly #face = make('select');
  readonly #format = make('select');
  readonly #rate = make('select');
  readonly #values = make('select');
  readonly #rest = make('input');
  readonly #status = make('p', 'quiet');
  readonly #go = make('button', 'button strong', 'Export');
  #info: RecordingInfo | undefined;

  constructor(private readonly dependencies: ExportDialogDependencies) {
    this.#title.id = 'export-title';
    this.#dialog.id = 'export';
    this.#dialog.setAttribute('aria-labelledby', this.#title.id);
    this.#status.role = 'status';
    this.#rest.type = 'checkbox';
    this.#go.type = 'button';
    this.#go.addEventListener('click', () => void this.#export());
    const close = make('button', 'button plain', 'Close');
    close.type = 'button';
    close.addEventListener('click', () => this.#dialog.close());
    this.#rate.append(option('own', 'As recorded'), ...RATES.map((rate) => option(String(rate), `${rate} fps`)));
    this.#values.append(option('smoothed', 'Smoothed'), option('raw', 'Raw'));
    this.#dialog.append(
      this.#title,
      this.#name,
      field('Face', this.#face),
      field('Format', this.#format),
      field('Frames', this.#rate),
      field('Values', this.#values),
      make('label', 'switch', make('span', '', 'Relative to the resting face'), this.#rest),
      this.#status,
      make('div', 'row', this.#go, close),
    );
    document.body.append(this.#dialog);
  }

  /** Opens the dialog for a recording. */
  async open(info: RecordingInfo): Promise<void> {
    this.#info = info;
    this.#name.textContent = info.name;
    this.#status.textContent = 'Reading the recording …';
    this.#rest.disabled = info.restingFace === null;
    this.#rest.checked = info.restingFace !== null;
    this.#go.disabled = true;
    if (!this.#dialog.open) this.#dialog.showModal();
    try {
      const { describeExport, EXPORT_NAMES, listFaces } = await loadExport();
      const faces = await listFaces(this.dependencies.store.frames(info.id));
      if (this.#info !== info) return;
      if (this.#format.length === 0) {
        const names = [...EXPORT_NAMES, 'avatar'] as const;
        this.#format.append(...names.map((name) => option(name, describeExport(name).label)));
      }
      const texts = faces.map(({ id, frames }, i) => option(String(id), `Face ${i + 1} (${frames} frames)`));
      this.#face.replaceChildren(...texts);
      this.#go.disabled = faces.length === 0;
      this.#status.textContent = faces.length === 0 ? 'No face was tracked in this recording.' : '';
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
  }

  async #export(): Promise<void> {
    const info = this.#info;
    if (!info) return;
    this.#go.disabled = true;
    this.#status.textContent = 'Exporting …';
    try {
      const { describeExport, exportRecording } = await loadExport();
      const format = this.#format.value as ExportChoiceName;
      const file = await exportRecording(this.dependencies.store, info, {
        format,
        face: Number(this.#face.value),
        rate: this.#rate.value === 'own' ? null : Number(this.#rate.value),
        values: this.#values.value === 'raw' ? 'raw' : 'smoothed',
        relative: this.#rest.checked,
        model: this.dependencies.model(),
        avatar: this.dependencies.avatar(),
      });
      const name = fileName(info.name, describeExport(format).ending);
      this.dependencies.save(name, file);
      this.#status.textContent = `${name} was saved (${size(file.size)}).`;
    } catch (error) {
      this.#status.textContent = messageOf(error);
    }
    this.#go.disabled = false;
  }
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function option(value: string, text: string): HTMLOptionElement {
  const made = make('option', '', text);
  made.value = value;
  return made;
}

function field(text: string, control: HTMLSelectElement): HTMLElement {
  return make('label', 'field', make('span', '', text), control);
}
