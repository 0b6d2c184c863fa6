import type { Frame, Provider, TrackedFrame } from '../face/types';
import type { SmoothingSettings } from '../smoothing/settings';
import { Link, type LinkOptions, type Opened, TrackerError } from './link';
import type { Request } from './protocol';

export { type LinkOptions as ClientOptions, type Opened, type Port, TrackerError } from './link';

/** The page's side of the worker. Frames given to it are its own; those it gives back are the caller's. */
export interface Client {
  readonly opened: Opened;
  /** The provider of the last answer. */
  readonly provider: Provider;
  track(stream: number, frame: Frame): Promise<TrackedFrame>;
  still(frame: Frame): Promise<TrackedFrame>;
  /** Forgets a stream. */
  end(stream: number): void;
  /** From the next frame on, also for workers still to come. */
  smoothing(settings: SmoothingSettings): void;
  /** Ends the worker; what is pending is rejected. Idempotent. */
  close(): void;
}

/** Deaths in a row after which no further worker is started. */
const RESTARTS = 3;
const GIVEN_UP = { name: 'WorkerError', message: 'The tracker stopped several times in a row. Reload the page.' };

/** Starts the worker and waits until its models are loaded. Throws TrackerError with the reason. */
export async function openClient(options: LinkOptions): Promise<Client> {
  const chain = createChain(options);
  const opened = await firstOpened(chain.connect());
  let { provider } = opened;

  const ask = async (frame: Frame, request: (id: number) => Request): Promise<TrackedFrame> => {
    const tracked = await chain.ask(frame, request);
    provider = tracked.provider;
    return tracked;
  };
  return {
    opened,
    get provider() {
      return provider;
    },
    track: (stream, frame) => ask(frame, (id) => ({ type: 'track', id, stream, frame })),
    still: (frame) => ask(frame, (id) => ({ type: 'still', id, frame })),
    smoothing: chain.smoothing,
    end: (stream) => chain.tell({ type: 'end', stream }),
    close: chain.close,
  };
}

/** A link that does not open the first time is not tried again. */
async function firstOpened(first: Link): Promise<Opened> {
  try {
    return await first.opened;
  } catch (reason) {
    first.close();
    throw reason;
  }
}

/** Workers one after the other: when one has died the next request starts another. */
interface Chain {
  /** The worker of now. Throws TrackerError when closed or given up. */
  connect(): Link;
  /** Sends a frame once its worker is open; the frame is closed where it cannot be sent. */
  ask(frame: Frame, request: (id: number) => Request): Promise<TrackedFrame>;
  /** Tells the worker of now, if there is one. */
  tell(request: Request): void;
  smoothing(settings: SmoothingSettings): void;
  close(): void;
}

function createChain(first: LinkOptions): Chain {
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
    async ask(frame, request) {
      const current = await openLink(connect, frame);
      const id = nextId++;
      const tracked = await current.ask(frame, id, request(id));
      deaths = 0;
      return tracked;
    },
    tell: (request) => link?.tell(request),
    smoothing(settings) {
      options = { ...options, settings: { ...options.settings, smoothing: settings } };
      link?.tell({ type: 'smoothing', settings });
    },
    close() {
      closed = true;
      link?.close();
      link = undefined;
    },
  };
}

/** The opened link for a frame, which is closed when there is none. */
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
