import { type BehaviorSubject, type Observable, Subject } from 'rxjs';
import { element } from './elements';

type SourceChoice = 'cam' | 'file' | 'sample';

export type DockChoice = { readonly kind: 'cam' | 'sample' } | { readonly kind: 'file'; readonly file: File };

/** The buttons under the picture. */
export class Dock {
  readonly #buttons = {
    cam: element('source-cam', HTMLButtonElement),
    file: element('source-file', HTMLButtonElement),
    sample: element('source-sample', HTMLButtonElement),
  };
  readonly #pause = element('pause', HTMLButtonElement);
  readonly #file = element('file', HTMLInputElement);

  readonly #choice$ = new Subject<DockChoice>();
  /** Emits when the user chooses a source or a file. */
  readonly choice$: Observable<DockChoice> = this.#choice$;

  constructor(paused$: BehaviorSubject<boolean>) {
    this.#buttons.cam.addEventListener('click', () => this.#choice$.next({ kind: 'cam' }));
    this.#buttons.sample.addEventListener('click', () => this.#choice$.next({ kind: 'sample' }));
    this.#buttons.file.addEventListener('click', () => this.pickFile());
    this.#pause.addEventListener('click', () => paused$.next(!paused$.value));
    paused$.subscribe((paused) => this.#showPaused(paused));
    element('fullscreen', HTMLButtonElement).addEventListener('click', toggleFullscreen);
    element('help-open', HTMLButtonElement).addEventListener('click', showHelp);
    this.#file.addEventListener('change', () => {
      const file = this.#file.files?.[0];
      // Emptied, so that choosing the same file again is a change.
      this.#file.value = '';
      if (file) this.#choice$.next({ kind: 'file', file });
    });
  }

  /** Opens the browser's file dialog. */
  pickFile(): void {
    this.#file.click();
  }

  /** Marks the button of the running source, and of the one that is being opened. */
  showChoice(running: SourceChoice | undefined, opening?: SourceChoice): void {
    for (const [name, button] of Object.entries(this.#buttons)) {
      button.ariaCurrent = String(name === running);
      button.ariaBusy = String(name === opening);
    }
  }

  #showPaused(paused: boolean): void {
    this.#pause.ariaLabel = paused ? 'Play' : 'Pause';
  }
}

export function showHelp(): void {
  const help = element('help', HTMLDialogElement);
  if (!help.open) help.showModal();
}

export function toggleFullscreen(): void {
  // Where the browser refuses full screen, nothing changes.
  const done = document.fullscreenElement
    ? document.exitFullscreen()
    : element('stage-area', HTMLElement).requestFullscreen();
  done.catch(() => undefined);
}
