import type { Observable } from 'rxjs';
import type { TrackedFrame } from '../../../face/types';
import type { VtsOutput } from '../../../output/vts-output';
import type { VtsMapping } from '../../../output/vts-parameters';
import { type Outputs, readOutputs, vtsTokens } from '../../session/outputs';
import { element, make } from '../elements';

const MAPPINGS: Readonly<Record<VtsMapping, string>> = {
  arkit: '52 ARKit shapes and the head',
  simple: 'VTube Studio’s own parameters',
};

/** The controls that send the largest face to VTube Studio. The server decides whether the page may. */
export class OutputPanel {
  readonly #status = make('p', 'quiet');
  readonly #mapping = make('select');
  readonly #box = make('input');
  readonly #promise = element('promise', HTMLParagraphElement);
  readonly #promised = this.#promise.textContent;
  #output: VtsOutput | undefined;
  #isRead = false;

  constructor(
    private readonly root: HTMLElement,
    tracked$: Observable<TrackedFrame>,
  ) {
    this.#status.role = 'status';
    this.#status.textContent = 'Nothing is sent.';
    root.append(this.#status);
    // The file is read when the section is opened first.
    root.closest('details')?.addEventListener('toggle', () => void this.#read());
    tracked$.subscribe(({ faces }) => this.#output?.send(faces[0]));
    document.documentElement.dataset.output = 'off';
  }

  async #read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    const { vts } = await readOutputs();
    if (vts === null) {
      this.#status.textContent =
        'Nothing is sent. To send the face to VTube Studio, start the page with “npm start -- --vts”.';
      return;
    }
    this.#build(vts);
  }

  #build(vts: NonNullable<Outputs['vts']>): void {
    this.#box.type = 'checkbox';
    this.#mapping.append(
      ...Object.entries(MAPPINGS).map(([value, text]) => {
        const option = make('option', '', text);
        option.value = value;
        return option;
      }),
    );
    this.#box.addEventListener('change', () => void this.#restart(vts));
    this.#mapping.addEventListener('change', () => void this.#restart(vts));
    this.root.prepend(
      make('label', 'switch', make('span', '', 'Send to VTube Studio'), this.#box),
      make('label', 'field', make('span', '', 'Parameters'), this.#mapping),
    );
  }

  async #restart(url: string): Promise<void> {
    this.#output?.stop();
    this.#output = undefined;
    this.#show('off', 'Nothing is sent.');
    if (!this.#box.checked) return;
    const { VtsOutput } = await import('../../../output/vts-output');
    if (!this.#box.checked) return;
    const mapping = this.#mapping.value === 'simple' ? 'simple' : 'arkit';
    const openSocket = (address: string) => new WebSocket(address);
    const output = new VtsOutput({ url, mapping, tokens: vtsTokens, openSocket });
    this.#output = output;
    output.state$.subscribe(({ phase, text }) => {
      if (this.#output !== output) return;
      if (phase === 'failed') this.#box.checked = false;
      this.#show(phase, text || 'Nothing is sent.');
    });
    output.start();
  }

  #show(phase: string, text: string): void {
    this.#status.textContent = text;
    document.documentElement.dataset.output = phase;
    const isSending = phase !== 'off' && phase !== 'failed';
    this.#promise.textContent = isSending
      ? 'Expressions and the pose of the head are sent to VTube Studio. No pictures leave this device.'
      : this.#promised;
  }
}
