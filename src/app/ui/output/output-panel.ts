import { combineLatest, type Observable } from 'rxjs';
import type { TrackedFrame } from '../../../face/types';
import { readOutputs, vtsTokens } from '../../session/outputs';
import { element, make } from '../elements';
import { type OutputKind, OutputRow } from './output-row';

const OFF =
  'Nothing is sent. To send the face to other programs, start the page with “npm start -- --vts” (VTube Studio) or “npm start -- --bridge vmc=127.0.0.1:39539” (VMC).';

/** The controls that send the largest face to other programs. The server decides whether the page may. */
export class OutputPanel {
  readonly #promise = element('promise', HTMLParagraphElement);
  readonly #promised = this.#promise.textContent;
  #rows: readonly OutputRow[] = [];
  #isRead = false;

  constructor(
    private readonly root: HTMLElement,
    tracked$: Observable<TrackedFrame>,
  ) {
    root.append(make('p', 'quiet', OFF));
    // The file is read when the section is opened first.
    root.closest('details')?.addEventListener('toggle', () => void this.#read());
    tracked$.subscribe((tracked) => {
      for (const row of this.#rows) row.send(tracked);
    });
    document.documentElement.dataset.output = 'off';
  }

  async #read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    const { vts, bridge } = await readOutputs();
    const kinds = [...(vts ? [vtsKind(vts)] : []), ...(bridge.length > 0 ? [bridgeKind(bridge)] : [])];
    if (kinds.length === 0) return;
    this.root.replaceChildren();
    this.#rows = kinds.map((kind) => new OutputRow(this.root, kind));
    combineLatest(this.#rows.map(({ phase$ }) => phase$)).subscribe((phases) => this.#showPhases(phases));
  }

  #showPhases(phases: readonly string[]): void {
    const sending = phases.filter((phase) => phase !== 'off' && phase !== 'failed');
    document.documentElement.dataset.output = sending[0] ?? phases[0] ?? 'off';
    this.#promise.textContent =
      sending.length > 0
        ? 'Expressions and the pose of the head are sent to other programs. No pictures leave this device.'
        : this.#promised;
  }
}

function vtsKind(url: string): OutputKind {
  return {
    label: `Send to VTube Studio (${new URL(url).host})`,
    mappings: { arkit: '52 ARKit shapes and the head', simple: 'VTube Studio’s own parameters' },
    async open(mapping) {
      const { VtsOutput } = await import('../../../output/vts-output');
      const openSocket = (address: string) => new WebSocket(address);
      const output = new VtsOutput({
        url,
        mapping: mapping === 'simple' ? mapping : 'arkit',
        tokens: vtsTokens,
        openSocket,
      });
      return {
        state$: output.state$,
        start: () => output.start(),
        stop: () => output.stop(),
        send: ({ faces }) => output.send(faces[0]),
      };
    },
  };
}

function bridgeKind(targets: readonly string[]): OutputKind {
  return {
    label: `Send to ${targets.join(', ')}`,
    mappings: { arkit: '52 ARKit shapes', vrm: 'VRM expressions' },
    async open(mapping) {
      const { BridgeOutput } = await import('../../../output/bridge-output');
      const url = new URL('/bridge', location.href).href;
      const output = new BridgeOutput({ url, targets, mapping: mapping === 'vrm' ? mapping : 'arkit' });
      return {
        state$: output.state$,
        start: () => output.start(),
        stop: () => output.stop(),
        send: ({ faces, frame }) => output.send(faces[0], frame.time),
      };
    },
  };
}
