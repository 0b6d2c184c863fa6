import type { Progress } from '../../index';
import { type ErrorText, errorText, type Remedy } from '../session/error-texts';
import { element, make } from './elements';

const REMEDY_NAMES: Readonly<Record<Remedy, string>> = {
  retry: 'Try again',
  sample: 'Use the sample',
  file: 'Open a file',
  reload: 'Reload',
};

/** By the stages of loading; others are named as they are. */
const STAGE_NAMES: Readonly<Record<string, string>> = {
  models: 'Loading the models',
  network: 'Loading the network',
  detector: 'Loading the detector',
  start: 'Starting the network',
};

/** What the page says over the picture: errors, hints, progress, ignored settings. */
export class Notices {
  readonly #error = element('error', HTMLElement);
  readonly #title = element('error-title', HTMLElement);
  readonly #text = element('error-text', HTMLElement);
  readonly #actions = element('error-actions', HTMLElement);
  readonly #hint = element('hint', HTMLElement);
  readonly #loading = element('loading', HTMLElement);
  readonly #loadingText = element('loading-text', HTMLElement);
  readonly #loadingBar = element('loading-bar', HTMLProgressElement);
  readonly #complaints = element('complaints', HTMLElement);

  /** `onRemedy` is told what the person chose; the panel is closed by then. */
  constructor(private readonly onRemedy: (remedy: Remedy) => void) {}

  showError(error: unknown): ErrorText {
    const said = errorText(error);
    this.#title.textContent = said.title;
    this.#text.textContent = said.text;
    this.#actions.replaceChildren(...said.remedies.map((remedy, i) => this.#action(remedy, i === 0)));
    this.#error.hidden = false;
    return said;
  }

  clearError(): void {
    this.#error.hidden = true;
  }

  /** Null takes the hint away. */
  hint(text: string | null): void {
    if (text !== null && this.#hint.textContent !== text) this.#hint.textContent = text;
    this.#hint.hidden = text === null;
  }

  /** Null: loading is over. */
  progress(progress: Progress | null): void {
    this.#loading.hidden = progress === null;
    if (!progress) return;
    const { stage, loaded, total } = progress;
    this.#loadingText.textContent = STAGE_NAMES[stage] ?? `Loading ${stage}`;
    // A stage of one piece has no share to show.
    if (total > 1) this.#loadingBar.value = Math.min(loaded / total, 1);
    else this.#loadingBar.removeAttribute('value');
  }

  /** One line about something that was ignored, until it is clicked away or the returned function is called. */
  complain(text: string): () => void {
    const close = make('button', '', '×');
    close.type = 'button';
    close.ariaLabel = 'Dismiss';
    const item = make('li', '', make('span', '', text), close);
    close.addEventListener('click', () => item.remove());
    this.#complaints.append(item);
    return () => item.remove();
  }

  #action(remedy: Remedy, first: boolean): HTMLButtonElement {
    const button = make('button', `button ${first ? 'strong' : 'plain'}`, REMEDY_NAMES[remedy]);
    button.type = 'button';
    button.addEventListener('click', () => {
      this.clearError();
      this.onRemedy(remedy);
    });
    return button;
  }
}
