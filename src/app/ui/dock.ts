import type { Choice } from '../session/session';
import { element } from './elements';

export interface DockActions {
  choose(choice: Choice): void;
  togglePause(): void;
}

/** The buttons under the picture. */
export class Dock {
  readonly #buttons = {
    cam: element('source-cam', HTMLButtonElement),
    file: element('source-file', HTMLButtonElement),
    sample: element('source-sample', HTMLButtonElement),
  };
  readonly #pause = element('pause', HTMLButtonElement);
  readonly #file = element('file', HTMLInputElement);

  constructor({ choose, togglePause }: DockActions) {
    this.#buttons.cam.addEventListener('click', () => choose({ kind: 'cam' }));
    this.#buttons.sample.addEventListener('click', () => choose({ kind: 'sample' }));
    this.#buttons.file.addEventListener('click', () => this.pickFile());
    this.#pause.addEventListener('click', togglePause);
    element('fullscreen', HTMLButtonElement).addEventListener('click', toggleFullscreen);
    element('help-open', HTMLButtonElement).addEventListener('click', showHelp);
    this.#file.addEventListener('change', () => {
      const file = this.#file.files?.[0];
      // The same file can be chosen again.
      this.#file.value = '';
      if (file) choose({ kind: 'file', file });
    });
  }

  pickFile(): void {
    this.#file.click();
  }

  show({ kind }: Choice): void {
    for (const [name, button] of Object.entries(this.#buttons)) button.ariaCurrent = String(name === kind);
  }

  showPaused(paused: boolean): void {
    this.#pause.ariaPressed = String(paused);
    this.#pause.ariaLabel = paused ? 'Play' : 'Pause';
  }
}

export function showHelp(): void {
  const help = element('help', HTMLDialogElement);
  if (!help.open) help.showModal();
}

export function toggleFullscreen(): void {
  // A browser that refuses full screen simply stays as it is.
  const done = document.fullscreenElement
    ? document.exitFullscreen()
    : element('stage-area', HTMLElement).requestFullscreen();
  done.catch(() => undefined);
}
