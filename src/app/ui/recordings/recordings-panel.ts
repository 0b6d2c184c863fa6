import type { RecordingInfo } from '../../../recording/recording-database';
import { isInterrupted, type RecordingStore } from '../../../recording/recording-store';
import { clock } from '../../readings/clock';
import { curvePath, type RecordingCurves, readCurves } from '../../readings/recording-curves';
import type { RecordingState, Recordings } from '../../stage/recordings';
import { element, make } from '../elements';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 240;
const HEIGHT = 40;
/** Class and name of each curve, in drawing order. */
const CURVES = { visibility: 'visibility', blink: 'blink', jaw: 'jaw' } as const;

/** The controls of a recording, and the list of what is recorded. */
export class RecordingsPanel {
  readonly #record = button('Record data');
  readonly #mark = button('Marker');
  readonly #time = make('output', 'quiet');
  readonly #list = make('ul', 'recordings');
  readonly #empty = make('p', 'quiet', 'Nothing is recorded. Recordings stay in this browser until you delete them.');
  readonly #overlay = make('div', 'lead-in');
  readonly #curves = new Map<string, Promise<RecordingCurves>>();

  constructor(
    root: HTMLElement,
    private readonly recordings: Recordings,
    private readonly store: RecordingStore,
    private readonly exportRecording: (info: RecordingInfo) => void,
  ) {
    this.#record.addEventListener('click', () => recordings.toggle());
    this.#mark.addEventListener('click', () => recordings.mark());
    this.#overlay.ariaLive = 'assertive';
    this.#overlay.hidden = true;
    element('stage', HTMLCanvasElement).parentElement?.append(this.#overlay);
    const key = make('p', 'curve-key', ...Object.values(CURVES).map((name) => make('span', name, name)));
    key.ariaHidden = 'true';
    this.#list.ariaLabel = 'Recordings';
    root.append(
      make('div', 'row', this.#record, this.#mark, this.#openButton(), this.#time),
      this.#empty,
      this.#list,
      key,
    );
    recordings.state$.subscribe((state) => this.#showState(state));
    recordings.stored.items$.subscribe((list) => {
      this.#empty.hidden = list.length > 0;
      key.hidden = list.length === 0;
      this.#list.replaceChildren(...list.map((info) => this.#item(info)));
    });
    // Other tabs, and “Whole video”, store recordings too.
    root.closest('details')?.addEventListener('toggle', () => void recordings.stored.refresh());
  }

  #openButton(): HTMLElement {
    const input = make('input');
    input.type = 'file';
    input.accept = '.jsonl,application/jsonl';
    input.hidden = true;
    input.ariaLabel = 'Recording from a file';
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      input.value = '';
      if (file) void this.recordings.stored.open(file);
    });
    const open = button('Open …');
    open.addEventListener('click', () => input.click());
    return make('span', '', open, input);
  }

  #showState({ phase, secondsLeft, seconds, frames, markers }: RecordingState): void {
    const texts = { idle: 'Record data', countdown: 'Cancel', recording: 'Stop', saving: 'Saving …' };
    this.#record.textContent = texts[phase];
    this.#record.disabled = phase === 'saving';
    this.#record.classList.toggle('recording', phase === 'recording');
    this.#mark.disabled = phase !== 'recording';
    const marks = markers > 0 ? ` · ${plural(markers, 'marker')}` : '';
    this.#time.value = phase === 'recording' ? `${clock(seconds)} · ${plural(frames, 'frame')}${marks}` : '';
    this.#overlay.hidden = phase !== 'countdown';
    const large = String(secondsLeft);
    if (phase === 'countdown' && this.#overlay.firstChild?.textContent !== large)
      this.#overlay.replaceChildren(make('strong', '', large), make('span', '', 'Recording starts'));
    Object.assign(document.documentElement.dataset, { recording: phase, recordingFrames: String(frames) });
  }

  #item(info: RecordingInfo): HTMLElement {
    const name = make('span', 'recording-name', info.name);
    const item = make(
      'li',
      '',
      name,
      make('p', 'quiet', factsOf(info)),
      this.#curvesOf(info),
      this.#buttons(info, name),
    );
    return item;
  }

  #buttons(info: RecordingInfo, name: HTMLElement): HTMLElement {
    const label = (made: HTMLButtonElement) => {
      made.ariaLabel = `${made.textContent}: ${info.name}`;
      return made;
    };
    const [toFile, save, rename, remove] = ['Export …', 'Save', 'Rename', 'Delete'].map((text) => label(button(text)));
    toFile?.addEventListener('click', () => this.exportRecording(info));
    save?.addEventListener('click', () => void this.recordings.stored.download(info));
    rename?.addEventListener('click', () => this.#rename(info, name, rename));
    remove?.addEventListener('click', () => {
      if (remove.dataset.sure) {
        // The button goes with its recording.
        this.#record.focus();
        void this.recordings.stored.delete(info.id);
        return;
      }
      remove.dataset.sure = '1';
      remove.textContent = 'Really delete?';
      remove.ariaLabel = `Really delete? ${info.name}`;
    });
    remove?.addEventListener('blur', () => {
      delete remove.dataset.sure;
      remove.textContent = 'Delete';
      label(remove);
    });
    return make('div', 'row', ...[toFile, save, rename, remove].flatMap((made) => made ?? []));
  }

  #rename(info: RecordingInfo, name: HTMLElement, opener: HTMLButtonElement): void {
    const input = make('input', 'recording-name');
    input.value = info.name;
    input.maxLength = 200;
    input.ariaLabel = `Name of ${info.name}`;
    let isDone = false;
    const close = (change: boolean) => {
      if (isDone) return;
      isDone = true;
      const value = input.value.trim();
      input.replaceWith(name);
      opener.focus();
      if (change && value && value !== info.name) void this.recordings.stored.rename(info.id, value);
    };
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') close(true);
      if (event.key === 'Escape') close(false);
      event.stopPropagation();
    });
    input.addEventListener('blur', () => close(true));
    name.replaceWith(input);
    input.select();
  }

  /** The curves are read once for each length of a recording. */
  #curvesOf({ id, frames, name }: RecordingInfo): Element {
    const picture = document.createElementNS(SVG, 'svg');
    picture.setAttribute('viewBox', `0 -2 ${WIDTH} ${HEIGHT + 4}`);
    picture.setAttribute('preserveAspectRatio', 'none');
    picture.setAttribute('class', 'curves');
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', `Jaw, blink and visibility of ${name}`);
    const key = `${id} ${frames}`;
    const reading = this.#curves.get(key) ?? readCurves(this.store.lines(id), frames);
    this.#curves.set(key, reading);
    const draw = (curves: RecordingCurves) => {
      for (const [curve, kind] of Object.entries(CURVES) as [keyof RecordingCurves, string][]) {
        const path = document.createElementNS(SVG, 'path');
        path.setAttribute('class', kind);
        path.setAttribute('d', curvePath(curves[curve], WIDTH, HEIGHT));
        picture.append(path);
      }
    };
    // A recording that cannot be read has no curves; Export and Save report the reason.
    reading.then(draw).catch(() => this.#curves.delete(key));
    return picture;
  }
}

function button(text: string): HTMLButtonElement {
  const made = make('button', 'button plain small', text);
  made.type = 'button';
  return made;
}

function factsOf(info: RecordingInfo): string {
  const date = new Date(info.created).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const state = isInterrupted(info) ? 'interrupted' : '';
  const markers = info.markers.length > 0 ? plural(info.markers.length, 'marker') : '';
  return [clock(info.end - info.start), plural(info.frames, 'frame'), markers, state, date].filter(Boolean).join(' · ');
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
