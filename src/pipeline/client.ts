import type { Frame, Provider, TrackedFrame } from '../face/types';
import type { Answer, Failure, Manifest, OpenSettings, Progress, Request } from './protocol';

/** A worker, as far as it is needed here. */
export type Port = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export interface ClientOptions {
  readonly settings: OpenSettings;
  /** Starts a worker; called again when one has died. */
  readonly spawn: () => Port;
  readonly onProgress?: (progress: Progress) => void;
}

/** What an opened worker tells about itself. */
export interface Opened {
  readonly provider: Provider;
  readonly manifest: Manifest;
  readonly faceModel: ArrayBuffer;
}

/** The page's side of the worker. Frames given to it are its own; those it gives back are the caller's. */
export interface Client {
  readonly opened: Opened;
  /** The provider of the last answer. */
  readonly provider: Provider;
  track(stream: number, frame: Frame): Promise<TrackedFrame>;
  still(frame: Frame): Promise<TrackedFrame>;
  /** Forgets a stream. */
  end(stream: number): void;
  /** Ends the worker; what is pending is rejected. Idempotent. */
  close(): void;
}

/** What went wrong in the worker, or the worker itself; `name` is the cause's own name. */
export class TrackerError extends Error {
  constructor(failure: Failure) {
    super(failure.message);
    this.name = failure.name;
  }
}

/** Deaths in a row after which no further worker is started. */
const RESTARTS = 3;

/** Starts the worker and waits until its models are loaded. Throws TrackerError with the reason. */
export async function openClient(options: ClientOptions): Promise<Client> {
  let deaths = 0;
  let closed = false;
  let nextId = 0;
  let provider: Provider;
  let link: Link | undefined;

  const connect = (): Link => {
    if (closed) throw new TrackerError({ name: 'ClosedError', message: 'The tracker is closed.' });
    if (deaths > RESTARTS) {
      throw new TrackerError({
        name: 'WorkerError',
        message: 'The tracker stopped several times in a row. Reload the page.',
      });
    }
    link ??= openLink(options, () => {
      deaths += 1;
      link = undefined;
    });
    return link;
  };

  const ask = async (frame: Frame, request: (id: number) => Request): Promise<TrackedFrame> => {
    let current: Link;
    try {
      current = connect();
      await current.opened;
    } catch (reason) {
      frame.image.close();
      throw reason;
    }
    const tracked = await current.ask(nextId++, frame, request);
    deaths = 0;
    provider = tracked.provider;
    return tracked;
  };

  const first = connect();
  const opened = await first.opened.catch((reason) => {
    first.close();
    throw reason;
  });
  provider = opened.provider;
  return {
    opened,
    get provider() {
      return provider;
    },
    track: (stream, frame) => ask(frame, (id) => ({ type: 'track', id, stream, frame })),
    still: (frame) => ask(frame, (id) => ({ type: 'still', id, frame })),
    end: (stream) => link?.tell({ type: 'end', stream }),
    close() {
      closed = true;
      link?.close();
      link = undefined;
    },
  };
}

/** One worker's life. */
interface Link {
  readonly opened: Promise<Opened>;
  ask(id: number, frame: Frame, request: (id: number) => Request): Promise<TrackedFrame>;
  tell(request: Request): void;
  close(): void;
}

interface Pending<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function openLink({ spawn, settings, onProgress }: ClientOptions, died: () => void): Link {
  const port = spawn();
  const pending = new Map<number, Pending<TrackedFrame>>();
  const opening = deferred<Opened>();
  let alive = true;

  const end = (failure: Failure) => {
    if (!alive) return;
    alive = false;
    port.terminate();
    const reason = new TrackerError(failure);
    opening.reject(reason);
    for (const { reject } of pending.values()) reject(reason);
    pending.clear();
  };
  const die = (message: string) => {
    if (alive) died();
    end({ name: 'WorkerError', message: `The tracker stopped: ${message}. It is started anew with the next frame.` });
  };
  const settle = (id: number): Pending<TrackedFrame> | undefined => {
    const waiting = pending.get(id);
    pending.delete(id);
    return waiting;
  };
  const hear = (answer: Answer) => {
    switch (answer.type) {
      case 'progress':
        return onProgress?.(answer.progress);
      case 'opened':
        return opening.resolve(answer);
      case 'refused':
        if (alive) died();
        return end(answer.failure);
      case 'failed':
        return settle(answer.id)?.reject(new TrackerError(answer.failure));
      case 'tracked': {
        const { frame, faces, timings, provider } = answer;
        const waiting = settle(answer.id);
        return waiting ? waiting.resolve({ frame, faces, timings, provider }) : frame.image.close();
      }
    }
  };

  port.addEventListener('message', (event) => hear((event as MessageEvent<Answer>).data));
  port.addEventListener('error', (event) => die((event as ErrorEvent).message || 'it could not be started'));
  port.addEventListener('messageerror', () => die('a message could not be read'));
  // Whoever waits for the opening hears of its failure; nobody waiting is no error.
  opening.promise.catch(() => undefined);
  port.postMessage({ type: 'open', settings } satisfies Request);

  return {
    opened: opening.promise,
    ask(id, frame, request) {
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        try {
          port.postMessage(request(id), [frame.image]);
        } catch (reason) {
          settle(id)?.reject(reason);
          frame.image.close();
        }
      });
    },
    tell: (request) => port.postMessage(request),
    close: () => end({ name: 'ClosedError', message: 'The tracker is closed.' }),
  };
}

function deferred<T>(): Pending<T> & { readonly promise: Promise<T> } {
  let pending: Pending<T> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    pending = { resolve, reject };
  });
  if (!pending) throw new Error('unreachable: a promise calls its executor at once');
  return { ...pending, promise };
}
