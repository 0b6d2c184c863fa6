import { RENDER_FORMATS, type RenderFormat } from '../../offline/render-formats';
import type { Player } from '../session/player';
import type { ClipWork } from '../stage/clip-work';
import type { WholeClip } from '../stage/whole-clip';
import { make } from './elements';
import { openOutput } from './output-file';

const FORMATS: Readonly<Record<RenderFormat, { readonly name: string; readonly extension: string }>> = {
  mp4: { name: 'MP4', extension: 'mp4' },
  webm: { name: 'WebM (can be transparent)', extension: 'webm' },
  png: { name: 'PNG sequence (ZIP)', extension: 'zip' },
};

const PHASES: Readonly<Record<ClipWork['phase'], string>> = {
  none: '',
  tracking: 'Tracking',
  rendering: 'Rendering',
};

/** The controls that track and render the whole video. Empty while no video runs. */
export class WholeClipPanel {
  readonly #status = make('p', 'quiet');
  readonly #bar = make('progress');
  readonly #track = button('Track all frames');
  readonly #render = button('Render');
  readonly #cancel = button('Cancel');
  readonly #format = make('select');

  constructor(
    root: HTMLElement,
    player: Player,
    private readonly whole: WholeClip,
  ) {
    this.#bar.ariaLabel = 'Progress';
    this.#status.role = 'status';
    this.#format.ariaLabel = 'File format';
    this.#format.append(...RENDER_FORMATS.map((format) => new Option(FORMATS[format].name, format)));
    this.#track.addEventListener('click', () => void whole.track());
    this.#render.addEventListener('click', () => void this.#startRender(player.clip?.source.name ?? 'video'));
    this.#cancel.addEventListener('click', () => whole.cancel());
    const parts = [
      this.#status,
      this.#bar,
      make('div', 'row', this.#track, this.#cancel),
      make('label', 'field', make('span', '', 'Render to'), this.#format),
      make('div', 'row', this.#render),
    ];
    player.clip$.subscribe((clip) => root.replaceChildren(...(clip ? parts : [])));
    whole.work$.subscribe((work) => this.#show(work));
  }

  async #startRender(name: string): Promise<void> {
    const format = RENDER_FORMATS.find((known) => known === this.#format.value) ?? 'mp4';
    const { extension } = FORMATS[format];
    const base = name.replace(/\.[^.]*$/, '').replace(/\s+/g, '-');
    const output = await openOutput(`${base}-peekaboo.${extension}`, extension);
    if (!output) return;
    const isDone = await this.whole.render(format, output.open);
    if (isDone) await output.deliver();
    else await output.discard();
  }

  #show({ phase, done, total, remaining, tracked }: ClipWork): void {
    const isBusy = phase !== 'none';
    this.#bar.hidden = !isBusy;
    this.#cancel.hidden = !isBusy;
    this.#track.hidden = isBusy;
    this.#render.disabled = isBusy;
    this.#track.textContent = tracked > 0 ? 'Track again' : 'Track all frames';
    this.#bar.max = Math.max(total, 1e-3);
    this.#bar.value = Math.min(done, total);
    const left = remaining === undefined ? '' : `, ${spell(remaining)} left`;
    const idle = tracked > 0 ? `All ${tracked} frames are tracked.` : 'Only what was played is tracked.';
    const text = isBusy ? `${PHASES[phase]}: ${done.toFixed(0)} of ${total.toFixed(0)} s${left}` : idle;
    if (this.#status.textContent !== text) this.#status.textContent = text;
    Object.assign(document.documentElement.dataset, { clip: phase, clipFrames: String(tracked) });
  }
}

function button(text: string): HTMLButtonElement {
  const made = make('button', 'button plain small', text);
  made.type = 'button';
  return made;
}

/** Whole minutes above a minute, otherwise seconds. */
function spell(seconds: number): string {
  return seconds >= 60 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds)} s`;
}
