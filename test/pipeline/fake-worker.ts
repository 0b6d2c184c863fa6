import type { FaceData, Frame } from '../../src/face/types';
import type { Port } from '../../src/pipeline/client';
import type { Answer, Request } from '../../src/pipeline/protocol';

export const timings = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };

type Listener = (event: Event) => void;

/** A worker held by hand: the test reads what it was sent and says what it answers. */
export class FakeWorker {
  readonly sent: Request[] = [];
  readonly transferred: Transferable[] = [];
  terminated = false;
  readonly #listeners = new Map<string, Listener[]>();

  readonly port = {
    postMessage: (request: Request, transfer: Transferable[] = []) => {
      this.sent.push(request);
      this.transferred.push(...transfer);
    },
    addEventListener: (type: string, listener: Listener) => {
      this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    },
    terminate: () => {
      this.terminated = true;
    },
  } as unknown as Port;

  answer(data: Answer): void {
    this.#tell('message', { data });
  }

  open(faceModel = new ArrayBuffer(0)): void {
    this.answer({ type: 'opened', provider: 'wasm', manifest: { name: 'double' } as never, faceModel });
  }

  /** Answers a request for a frame, the last one without an index. */
  seen(index = -1, faces: readonly FaceData[] = []): void {
    const { id, frame } = this.asked(index);
    this.answer({ type: 'tracked', id, frame, faces, timings, provider: 'wasm' });
  }

  fail(index = -1, message = 'no'): void {
    this.answer({ type: 'failed', id: this.asked(index).id, failure: { name: 'Error', message } });
  }

  die(message = 'out of memory'): void {
    this.#tell('error', { message });
  }

  /** The requests for frames so far. */
  get requests(): (Request & { readonly id: number; readonly frame: Frame })[] {
    return this.sent.flatMap((request) => (request.type === 'track' || request.type === 'still' ? request : []));
  }

  asked(index: number) {
    const request = this.requests.at(index);
    if (!request) throw new Error(`no request ${index} of ${this.requests.length}`);
    return request;
  }

  #tell(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as Event);
  }
}

/** Starts a new double each time it is asked. */
export function fakeWorkers() {
  const workers: FakeWorker[] = [];
  const spawn = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker.port;
  };
  const last = () => {
    const worker = workers.at(-1);
    if (!worker) throw new Error('no worker was started');
    return worker;
  };
  return { workers, spawn, last };
}

/** Lets promises settle. */
export const settle = () => new Promise((resolve) => setTimeout(resolve));
