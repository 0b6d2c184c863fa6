import { BehaviorSubject, type Observable } from 'rxjs';
import type { TrackedFrame } from '../../../face/types';
import { make } from '../elements';

/** Sends faces until it is stopped. */
export interface Output {
  readonly state$: Observable<{ readonly phase: string; readonly text: string }>;
  start(): void;
  stop(): void;
  send(tracked: TrackedFrame): void;
}

export interface OutputKind {
  readonly label: string;
  /** Label of each mapping. */
  readonly mappings: Readonly<Record<string, string>>;
  readonly open: (mapping: string) => Promise<Output>;
}

const NOTHING = 'Nothing is sent.';

/** The switch of one output, the choice of its mapping, and its state. */
export class OutputRow {
  readonly #status = make('p', 'quiet', NOTHING);
  readonly #mapping = make('select');
  readonly #box = make('input');
  readonly #phase$ = new BehaviorSubject('off');
  /** off, failed, or another phase while it sends. */
  readonly phase$: Observable<string> = this.#phase$;
  #output: Output | undefined;

  constructor(
    root: HTMLElement,
    private readonly kind: OutputKind,
  ) {
    this.#box.type = 'checkbox';
    this.#status.role = 'status';
    // There is one such control for each output.
    this.#mapping.ariaLabel = `Shapes: ${kind.label}`;
    this.#mapping.append(
      ...Object.entries(kind.mappings).map(([value, text]) => {
        const option = make('option', '', text);
        option.value = value;
        return option;
      }),
    );
    for (const control of [this.#box, this.#mapping]) control.addEventListener('change', () => void this.#restart());
    root.append(
      make('label', 'switch', make('span', '', kind.label), this.#box),
      make('label', 'field', make('span', '', 'Shapes'), this.#mapping),
      this.#status,
    );
  }

  send(tracked: TrackedFrame): void {
    this.#output?.send(tracked);
  }

  async #restart(): Promise<void> {
    this.#output?.stop();
    this.#output = undefined;
    this.#show('off', NOTHING);
    if (!this.#box.checked) return;
    const output = await this.kind.open(this.#mapping.value);
    // It may have been switched off, or on again, meanwhile.
    if (!this.#box.checked || this.#output) return;
    this.#output = output;
    output.start();
    output.state$.subscribe(({ phase, text }) => {
      if (this.#output !== output) return;
      if (phase === 'failed') this.#box.checked = false;
      this.#show(phase, text || NOTHING);
    });
  }

  #show(phase: string, text: string): void {
    this.#status.textContent = text;
    this.#phase$.next(phase);
  }
}
