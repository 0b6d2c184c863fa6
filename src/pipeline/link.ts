import { faceOf, rawFaceOf } from '../face/expression';
import type { Frame, Provider, TrackedFrame } from '../face/types';
import type { Answer, Failure, Manifest, OpenSettings, Progress, Request } from './protocol';

/** A worker, as far as it is needed here. */
export interface Port {
  postMessage(message: Request, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Answer>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
  terminate(): void;
}

export interface LinkOptions {
  readonly settings: OpenSettings;
  /** Starts a worker; called again when one has died. */
  readonly spawn: () => Port;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds without an answer to a frame after which the worker counts as dead; five times that for a still. Default a minute. */
  readonly patience?: number;
}

/** Long enough for a lost graphics device to be rebuilt several times. */
const PATIENCE = 60_000;
/** A still is looked at a dozen times, which takes a graphics card that is only software more than a minute. */
const STILL_PATIENCE = 5;

/** What an opened worker tells about itself. */
export interface Opened {
  readonly provider: Provider;
  readonly manifest: Manifest;
  readonly faceModel: ArrayBuffer;
}

/** What went wrong in the worker, or the worker itself; `name` is the cause's own name. */
export class TrackerError extends Error {
  constructor(failure: Failure) {
    super(failure.message);
    this.name = failure.name;
  }
}

interface Asked extends Pending<TrackedFrame> {
  readonly still: boolean;
}

interface Pending<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** One worker's life: it opens, answers, and ends once. After its end every request is rejected. */
export class Link {
  /** Rejected when the worker refuses its settings or dies before it is ready. */
  readonly opened: Promise<Opened>;
  readonly #port: Port;
  readonly #options: LinkOptions;
  readonly #died: () => void;
  readonly #opening: Pending<Opened>;
  readonly #pending = new Map<number, Asked>();
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #ended: TrackerError | undefined;

  /** Starts the worker. `died` is called when it ends otherwise than by `close`. */
  constructor(options: LinkOptions, died: () => void) {
    this.#options = options;
    this.#died = died;
    const { promise, ...opening } = deferred<Opened>();
    this.#opening = opening;
    this.opened = promise;
    // Whoever waits for the opening hears of its failure; nobody waiting is no error.
    promise.catch(() => undefined);
    this.#port = options.spawn();
    this.#port.addEventListener('message', (event: MessageEvent<Answer>) => this.#hear(event.data));
    this.#port.addEventListener('error', (event: ErrorEvent) => this.#stop(event.message || 'it could not be started'));
    this.#port.addEventListener('messageerror', () => this.#stop('a message could not be read'));
    this.#port.postMessage({ type: 'open', settings: options.settings } satisfies Request);
  }

  /** Sends a frame, which passes to the worker; closed here where it cannot be sent. */
  ask(frame: Frame, id: number, request: Request): Promise<TrackedFrame> {
    return new Promise((resolve, reject) => {
      try {
        if (this.#ended) throw this.#ended;
        this.#port.postMessage(request, [frame.image]);
        this.#pending.set(id, { resolve, reject, still: request.type === 'still' });
        if (this.#pending.size === 1) this.#watch();
      } catch (reason) {
        frame.image.close();
        reject(reason);
      }
    });
  }

  tell(request: Request): void {
    this.#port.postMessage(request);
  }

  close(): void {
    this.#end({ name: 'ClosedError', message: 'The tracker is closed.' });
  }

  #hear(answer: Answer): void {
    switch (answer.type) {
      case 'progress':
        this.#options.onProgress?.(answer.progress);
        break;
      case 'opened':
        this.#opening.resolve(answer);
        break;
      case 'refused':
        this.#end(answer.failure, this.#died);
        break;
      case 'failed':
        this.#take(answer.id)?.reject(new TrackerError(answer.failure));
        break;
      case 'tracked':
        this.#hand(answer);
    }
  }

  #hand(answer: Answer & { type: 'tracked' }): void {
    const waiting = this.#take(answer.id);
    if (waiting) waiting.resolve(trackedFrame(answer));
    else answer.frame.image.close();
  }

  #take(id: number): Pending<TrackedFrame> | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    this.#watch();
    return waiting;
  }

  /** Waits for the next answer, as long as one is due. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    if (this.#pending.size === 0) return;
    const still = [...this.#pending.values()].some((asked) => asked.still);
    const patience = (this.#options.patience ?? PATIENCE) * (still ? STILL_PATIENCE : 1);
    this.#watchdog = setTimeout(() => this.#stop(`no answer for ${patience / 1000} s`), patience);
  }

  #stop(message: string): void {
    const failure = { name: 'WorkerError', message: `The tracker stopped: ${message}. The next frame starts it anew.` };
    this.#end(failure, this.#died);
  }

  #end(failure: Failure, first: () => void = () => undefined): void {
    if (this.#ended) return;
    this.#ended = new TrackerError(failure);
    this.#port.terminate();
    first();
    this.#opening.reject(this.#ended);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    clearTimeout(this.#watchdog);
  }
}

/** Attaches what cannot be cloned between threads: the views of the expression. */
function trackedFrame({ frame, faces, raw, timings, provider }: Answer & { type: 'tracked' }): TrackedFrame {
  const seen = { frame, faces: faces.map(faceOf), timings, provider };
  return raw ? { ...seen, raw: raw.map(rawFaceOf) } : seen;
}

function deferred<T>(): Pending<T> & { readonly promise: Promise<T> } {
  let pending: Pending<T> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    pending = { resolve, reject };
  });
  if (!pending) throw new Error('unreachable: a promise calls its executor at once');
  return { ...pending, promise };
}
