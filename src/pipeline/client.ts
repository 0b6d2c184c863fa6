import type { Frame, Provider, TrackedFrame } from '../face/types';
import type { SmoothingSettings } from '../smoothing/settings';
import { Link, type LinkOptions, type Opened } from './link';
import type { OpenSettings, Request } from './protocol';
import { TrackerError } from './tracker-error';

export type { Opened, Port } from './link';
export { TrackerError, type TrackerErrorCode } from './tracker-error';

/** The page's side of the worker. It owns the frames it is given; the caller owns those that come back. */
export interface Client {
  readonly opened: Opened;
  /** The provider of the last answer. */
  readonly provider: Provider;
  trackFrame(stream: number, frame: Frame): Promise<TrackedFrame>;
  trackStill(frame: Frame): Promise<TrackedFrame>;
  /** Removes a stream. */
  endStream(stream: number): void;
  /** Applies from the next frame on, also to workers started later. */
  setSmoothing(smoothing: SmoothingSettings): void;
  /** Whether tracked frames contain `raw`; also for workers started later. */
  setRawFaces(rawFaces: boolean): void;
  /** Whether masks extend beyond the crop; also for workers started later. */
  setWideMasks(wideMasks: boolean): void;
  /** Ends the worker; pending requests are rejected. Idempotent. */
  close(): void;
}

/** Stops in a row after which no further worker is started. */
const RESTARTS = 3;
const GIVEN_UP = { name: 'WorkerError', message: 'The tracker stopped several times in a row. Reload the page.' };

export interface ClientOptions extends LinkOptions {
  /** An abort closes the client, also while it opens. */
  readonly signal?: AbortSignal;
}

/** Starts the worker and waits until its models are loaded. Throws TrackerError with the reason. */
export async function openClient({ signal, ...options }: ClientOptions): Promise<Client> {
  const workers = createWorkerChain(options);
  // A signal may live longer than the tracker, and must not keep it.
  const close = () => {
    signal?.removeEventListener('abort', close);
    workers.close();
  };
  signal?.addEventListener('abort', close);
  const opened = await firstOpened(workers.connect(), close);
  let { provider } = opened;

  const request = async (frame: Frame, requestOf: (id: number) => Request): Promise<TrackedFrame> => {
    const tracked = await workers.sendFrame(frame, requestOf);
    provider = tracked.provider;
    return tracked;
  };
  return {
    opened,
    get provider() {
      return provider;
    },
    trackFrame: (stream, frame) => request(frame, (id) => ({ type: 'track', id, stream, frame })),
    trackStill: (frame) => request(frame, (id) => ({ type: 'still', id, frame })),
    setSmoothing: (smoothing) => workers.change({ smoothing }, { type: 'smoothing', settings: smoothing }),
    setRawFaces: (rawFaces) => workers.change({ rawFaces }, { type: 'rawFaces', include: rawFaces }),
    setWideMasks: (wideMasks) => workers.change({ wideMasks }, { type: 'wideMasks', extend: wideMasks }),
    endStream: (stream) => workers.send({ type: 'end', stream }),
    close,
  };
}

/** A worker that does not open the first time is not restarted. */
async function firstOpened(first: Link, close: () => void): Promise<Opened> {
  try {
    return await first.opened;
  } catch (reason) {
    close();
    throw reason;
  }
}

/** One worker at a time: after one has stopped, the next request starts another. */
interface WorkerChain {
  /** The current worker. Throws TrackerError when closed or given up. */
  connect(): Link;
  /** Sends a frame when the worker is open; closes it where it cannot be sent. */
  sendFrame(frame: Frame, requestOf: (id: number) => Request): Promise<TrackedFrame>;
  /** Sends a request to the current worker, if there is one. */
  send(request: Request): void;
  /** Changes settings: of the current worker by `request`, of later ones when they open. */
  change(settings: Partial<OpenSettings>, request: Request): void;
  close(): void;
}

function createWorkerChain(first: LinkOptions): WorkerChain {
  let options = first;
  let deaths = 0;
  let closed = false;
  let nextId = 0;
  let link: Link | undefined;

  const died = () => {
    deaths += 1;
    link = undefined;
  };
  const connect = (): Link => {
    if (closed) throw new TrackerError({ name: 'ClosedError', message: 'The tracker is closed.' });
    if (deaths > RESTARTS) throw new TrackerError(GIVEN_UP);
    link ??= new Link(options, died);
    return link;
  };
  return {
    connect,
    async sendFrame(frame, requestOf) {
      const current = await openLink(connect, frame);
      const id = nextId++;
      const tracked = await current.sendFrame(frame, id, requestOf(id));
      deaths = 0;
      return tracked;
    },
    send: (request) => link?.send(request),
    change(settings, request) {
      options = { ...options, settings: { ...options.settings, ...settings } };
      link?.send(request);
    },
    close() {
      closed = true;
      link?.close();
      link = undefined;
    },
  };
}

/** The open link for a frame; closes the frame when there is none. */
async function openLink(connect: () => Link, frame: Frame): Promise<Link> {
  try {
    const link = connect();
    await link.opened;
    return link;
  } catch (reason) {
    frame.image.close();
    throw reason;
  }
}
