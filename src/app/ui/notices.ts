import { type Observable, Subject } from 'rxjs';
import type { Progress } from '../../index';
import { type ErrorText, errorText, type Remedy } from '../session/error-texts';
import type { NoticeAction, NoticeReports, Topic } from '../session/reports';
import { element, make } from './elements';

const REMEDY_NAMES: Readonly<Record<Remedy, string>> = {
  retry: 'Try again',
  sample: 'Use the sample',
  file: 'Open a file',
  reload: 'Reload',
};

/** Texts by loading stage. A stage that is not listed appears under its own name. */
const STAGE_NAMES: Readonly<Record<string, string>> = {
  models: 'Loading the models',
  network: 'Loading the network',
  detector: 'Loading the detector',
  start: 'Starting the network',
};

/** The remedy that the user chose for the error with this code. */
export interface RemedyChoice {
  readonly remedy: Remedy;
  readonly code: string;
}

/** The messages over the picture: errors, hints, warnings and loading progress. */
export class Notices implements NoticeReports {
  readonly #error = element('error', HTMLElement);
  readonly #title = element('error-title', HTMLElement);
  readonly #text = element('error-text', HTMLElement);
  readonly #actions = element('error-actions', HTMLElement);
  readonly #hint = element('hint', HTMLElement);
  readonly #loading = element('loading', HTMLElement);
  readonly #loadingText = element('loading-text', HTMLElement);
  readonly #loadingBar = element('loading-bar', HTMLProgressElement);
  readonly #warnings = element('warnings', HTMLElement);

  /** Removes the warning about each topic. */
  readonly #topics = new Map<Topic, () => void>();

  readonly #closed$ = new Subject<void>();
  /** Emits when the user closes an error. */
  readonly closed$: Observable<void> = this.#closed$;

  readonly #remedy$ = new Subject<RemedyChoice>();
  /** Emits when the user chooses a remedy, after the error has been hidden. */
  readonly remedy$: Observable<RemedyChoice> = this.#remedy$;

  constructor() {
    element('error-close', HTMLButtonElement).addEventListener('click', () => {
      this.clearError();
      this.#closed$.next();
    });
  }

  /** Shows an error with its remedies and returns what it shows. */
  showError(error: unknown): ErrorText {
    const shown = errorText(error);
    this.#title.textContent = shown.title;
    this.#text.textContent = shown.text;
    this.#actions.replaceChildren(
      ...shown.remedies.map((remedy, i) => this.#remedyButton({ remedy, code: shown.code }, i === 0)),
    );
    this.#error.hidden = false;
    return shown;
  }

  clearError(): void {
    this.#error.hidden = true;
  }

  showHint(text: string | null): void {
    if (text !== null && this.#hint.textContent !== text) this.#hint.textContent = text;
    this.#hint.hidden = text === null;
  }

  showProgress(progress: Progress | null): void {
    this.#loading.hidden = progress === null;
    if (!progress) return;
    const { stage, loaded, total } = progress;
    this.#loadingText.textContent = STAGE_NAMES[stage] ?? `Loading ${stage}`;
    // Without a total, the bar is indeterminate.
    if (total > 1) this.#loadingBar.value = Math.min(loaded / total, 1);
    else this.#loadingBar.removeAttribute('value');
  }

  warn(text: string, topic?: Topic, action?: NoticeAction): () => void {
    const close = make('button', '', '×');
    close.type = 'button';
    close.className = 'close';
    close.ariaLabel = 'Close this message';
    const item = make('li', '', make('span', '', text), ...(action ? [actionButton(action)] : []), close);
    const remove = () => {
      item.remove();
      if (topic && this.#topics.get(topic) === remove) this.#topics.delete(topic);
    };
    close.addEventListener('click', remove);
    if (topic) {
      this.clearWarning(topic);
      this.#topics.set(topic, remove);
    }
    this.#warnings.append(item);
    return remove;
  }

  clearWarning(topic: Topic): void {
    this.#topics.get(topic)?.();
  }

  #remedyButton(choice: RemedyChoice, first: boolean): HTMLButtonElement {
    const button = make('button', `button ${first ? 'strong' : 'plain'}`, REMEDY_NAMES[choice.remedy]);
    button.type = 'button';
    button.addEventListener('click', () => {
      this.clearError();
      this.#remedy$.next(choice);
    });
    return button;
  }
}

function actionButton({ label, run }: NoticeAction): HTMLButtonElement {
  const button = make('button', 'button strong small', label);
  button.type = 'button';
  button.addEventListener('click', run);
  return button;
}
