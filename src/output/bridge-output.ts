import { BehaviorSubject, type Observable } from 'rxjs';
import type { Face, Seconds } from '../face/types';
import { type VmcMapping, vmcFrame } from './vmc-frame';

/** off; sending; lost: the server did not accept the last frame. The next one is sent again. `text`: for the user. */
export interface BridgeState {
  readonly phase: 'off' | 'sending' | 'lost';
  readonly text: string;
}

export interface BridgeOptions {
  readonly url: string;
  /** Targets of the bridge, for messages. */
  readonly targets: readonly string[];
  readonly mapping: VmcMapping;
  readonly post?: typeof fetch;
}

/**
 * Sends a face to the bridge of the page's own server, which passes it on over UDP. While a frame is being sent, further
 * frames are dropped. No method throws.
 */
export class BridgeOutput {
  readonly #state$ = new BehaviorSubject<BridgeState>({ phase: 'off', text: '' });
  readonly state$: Observable<BridgeState> = this.#state$;
  #isOn = false;
  #isBusy = false;

  constructor(private readonly options: BridgeOptions) {}

  start(): void {
    this.#isOn = true;
    this.#show('sending', `The face is sent to ${this.options.targets.join(', ')}.`);
  }

  stop(): void {
    this.#isOn = false;
    this.#show('off', '');
  }

  /** A held or missing face sends nothing: receivers keep the last pose. */
  send(face: Face | undefined, time: Seconds): void {
    if (!this.#isOn || this.#isBusy || !face || face.state === 'held') return;
    void this.#post(JSON.stringify(vmcFrame(face, time, this.options.mapping)));
  }

  async #post(body: string): Promise<void> {
    const { url, post = fetch } = this.options;
    this.#isBusy = true;
    const status = await post(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }).then(
      (response) => response.status,
      () => 0,
    );
    this.#isBusy = false;
    if (!this.#isOn) return;
    if (status === 204) this.#show('sending', `The face is sent to ${this.options.targets.join(', ')}.`);
    else
      this.#show(
        'lost',
        'The server does not pass the face on. Start it again with npm start -- --bridge vmc=HOST:PORT.',
      );
  }

  #show(phase: BridgeState['phase'], text: string): void {
    const { phase: before, text: shown } = this.#state$.value;
    if (before !== phase || shown !== text) this.#state$.next({ phase, text });
  }
}
