import { faceOf, rawFaceOf } from '../face/expression';
import type { Frame, Provider, TrackedFrame } from '../face/types';
import type { Answer, Failure, Manifest, OpenSettings, Progress, Request } from './protocol';
import { type SilenceWatch, watchSilence } from './silence';
import { adoptStartMarks } from './start-marks';
import { TrackerError } from './tracker-error';

/** The parts of a worker that a link uses. */
export interface Port {
  postMessage(message: Request, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Answer>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
  terminate(): void;
}

export interface LinkOptions {
  readonly settings: OpenSettings;
  /** Starts a worker; called again after one has stopped. */
  readonly spawn: () => Port;
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds without an answer after which the worker counts as stopped; five times as long for a still. Default 60,000. */
  readonly patience?: number;
}

/** Long enough to rebuild a lost graphics device several times. */
const PATIENCE = 60_000;
/** A still takes about twelve inferences per face: more than a minute on a software adapter. */
const STILL_PATIENCE = 5;
/**
 * Milliseconds of silence after which an open worker counts as stopped; it reports twice a second that it is alive. Longer
 * while its script loads and it opens, because the warm-up of the network blocks it, and for a still, because reading a
 * large picture does.
 */
const SILENCE = { open: 2_500, still: 20_000, opening: 60_000 } as const;

/** What a worker reports when it is open. */
export interface Opened {
  readonly provider: Provider;
  readonly manifest: Manifest;
  readonly faceModel: ArrayBuffer;
}

interface PendingFrame extends Pending<TrackedFrame> {
  readonly still: boolean;
}

interface Pending<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** The connection to one worker: it opens, answers and ends once. After its end every request is rejected. */
export class Link {
  /** Rejects when the worker refuses its settings or stops before it is ready. */
  readonly opened: Promise<Opened>;
  readonly #port: Port;
  readonly #options: LinkOptions;
  readonly #died: () => void;
  readonly #opening: Pending<Opened>;
  readonly #pending = new Map<number, PendingFrame>();
  readonly #silence: SilenceWatch;
  /** The worker has reported that it is alive; before, its script may still be loading. */
  #isAlive = false;
  #isOpen = false;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #ended: TrackerError | undefined;

  /** Starts the worker. `died` is called when it ends without `close`. */
  constructor(options: LinkOptions, died: () => void) {
    this.#options = options;
    this.#died = died;
    const { promise, ...opening } = deferred<Opened>();
    this.#opening = opening;
    this.opened = promise;
    // A failure is reported to those who await `opened`; without any it is not an unhandled rejection.
    promise.catch(() => undefined);
    this.#port = options.spawn();
    this.#silence = watchSilence(
      () => this.#silenceLimit(),
      (silent) => this.#stop(`no message for ${(silent / 1000).toFixed(1)} s`),
    );
    this.#port.addEventListener('message', (event: MessageEvent<Answer>) => this.#receive(event.data));
    this.#port.addEventListener('error', (event: ErrorEvent) => this.#stop(event.message || 'it could not be started'));
    this.#port.addEventListener('messageerror', () => this.#stop('a message could not be read'));
    this.#port.postMessage({ type: 'open', settings: options.settings } satisfies Request);
  }

  /** Transfers a frame to the worker; closes it where it cannot be sent. */
  sendFrame(frame: Frame, id: number, request: Request): Promise<TrackedFrame> {
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

  send(request: Request): void {
    this.#port.postMessage(request);
  }

  close(): void {
    this.#end({ name: 'ClosedError', message: 'The tracker is closed.' });
  }

  #receive(answer: Answer): void {
    this.#silence.reset();
    switch (answer.type) {
      case 'alive':
        this.#isAlive = true;
        break;
      case 'progress':
        this.#options.onProgress?.(answer.progress);
        break;
      case 'opened':
        this.#isOpen = true;
        adoptStartMarks(answer.marks ?? []);
        this.#opening.resolve(answer);
        break;
      case 'refused':
        this.#end({ code: 'start-failed', ...answer.failure }, this.#died);
        break;
      case 'failed':
        this.#take(answer.id)?.reject(new TrackerError(answer.failure));
        break;
      case 'tracked':
        this.#deliver(answer);
    }
  }

  /** Undefined while nothing is expected of the worker. */
  #silenceLimit(): number | undefined {
    if (!this.#isOpen) return SILENCE.opening;
    if (!this.#isAlive || this.#pending.size === 0) return undefined;
    return this.#hasStill() ? SILENCE.still : SILENCE.open;
  }

  #hasStill(): boolean {
    return [...this.#pending.values()].some(({ still }) => still);
  }

  #deliver(answer: Answer & { type: 'tracked' }): void {
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

  /** Restarts the timeout while answers are pending. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    if (this.#pending.size === 0) return;
    const patience = (this.#options.patience ?? PATIENCE) * (this.#hasStill() ? STILL_PATIENCE : 1);
    this.#watchdog = setTimeout(() => this.#stop(`no answer for ${patience / 1000} s`), patience);
  }

  #stop(message: string): void {
    // Before its first message, its script did not even start.
    const failure: Failure =
      this.#isAlive || this.#isOpen
        ? { name: 'WorkerError', message: `The tracker stopped: ${message}. The next frame restarts it.` }
        : { name: 'WorkerError', code: 'worker-blocked', message: `The tracker's worker did not start: ${message}.` };
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
    this.#silence.stop();
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
