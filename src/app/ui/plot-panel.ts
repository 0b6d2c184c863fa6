import type { BehaviorSubject } from 'rxjs';
import type { TrackedFrame } from '../../face/types';
import { PlotSeries, QUANTITIES, type Quantity, quantityOf, UNITS } from '../readings/plot-series';
import { SETTINGS } from '../settings/settings';
import { make } from './elements';
import type { Plot } from './plot';

/** Frames after which requested raw faces have arrived if smoothing is on. */
const RAW_DELAY = 10;

/** A live plot of one quantity before and after smoothing. Its code loads when it is first switched on. */
export class PlotPanel {
  readonly #select = make('select');
  readonly #box = make('input');
  readonly #area = make('div', 'plot');
  readonly #note = make('p', 'quiet');
  readonly #series = new PlotSeries();
  #plot: Plot | undefined;
  /** Frames in a row with a face and without its values before smoothing. */
  #withoutRaw = 0;

  /** `rawFaces$` receives whether the plot needs the faces before smoothing. */
  constructor(
    parent: HTMLElement,
    private readonly rawFaces$: BehaviorSubject<boolean>,
  ) {
    this.#select.ariaLabel = 'Plotted quantity';
    this.#select.append(...QUANTITIES.map((name) => option(name)));
    this.#box.type = 'checkbox';
    this.#box.addEventListener('change', () => this.#toggle());
    this.#select.addEventListener('change', () => this.#restart());
    this.#area.hidden = true;
    this.#note.hidden = true;
    const field = make('label', 'field', make('span', '', 'Quantity'), this.#select);
    const toggle = make('label', 'switch', make('span', '', 'Plot before and after smoothing'), this.#box);
    parent.append(toggle, field, this.#area, this.#note);
  }

  addFrame({ frame, faces, raw }: TrackedFrame): void {
    if (!this.#box.checked) return;
    const quantity = this.#quantity;
    const face = faces[0];
    const before = raw?.find(({ id }) => id === face?.id);
    const measured = face && face.state !== 'held' ? face : undefined;
    this.#series.add(
      frame.time,
      measured && before && quantityOf(before, quantity),
      face && quantityOf(face, quantity),
    );
    this.#plot?.draw(this.#series.columns(), UNITS[quantity] ?? '');
    this.#withoutRaw = raw || !face ? 0 : this.#withoutRaw + 1;
    this.#showNote(this.#withoutRaw < RAW_DELAY ? '' : `Smoothing is off. Turn on “${SETTINGS.smooth.label}”.`);
  }

  get #quantity(): Quantity {
    return QUANTITIES[this.#select.selectedIndex] ?? 'yaw';
  }

  #toggle(): void {
    this.#area.hidden = !this.#box.checked;
    this.rawFaces$.next(this.#box.checked);
    this.#restart();
    if (this.#box.checked && !this.#plot) void this.#open();
    if (!this.#box.checked) this.#close();
  }

  async #open(): Promise<void> {
    try {
      const { openPlot } = await import('./plot');
      if (this.#box.checked) this.#plot ??= openPlot(this.#area);
    } catch {
      this.#showNote('The plot could not be loaded. Reload the page.');
    }
  }

  #close(): void {
    this.#plot?.close();
    this.#plot = undefined;
    this.#showNote('');
  }

  #restart(): void {
    this.#series.clear();
  }

  #showNote(text: string): void {
    this.#note.hidden = text === '';
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }
}

function option(name: Quantity): HTMLOptionElement {
  const made = make('option', '', name);
  made.value = name;
  return made;
}
