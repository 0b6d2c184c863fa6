import type { Frame, Provider, TrackedFrame } from '../face/types';
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
  /** Ends the worker; what is pending is rejected. Idempotent. */
  close(): void;
}

/** Deaths in a row after which no further worker is started. */
const RESTARTS = 3;

/** Starts the worker and waits until its models are loaded. Throws TrackerError with the reason. */
export async function openClient(options: LinkOptions): Promise<Client> {
  let deaths = 0;
  let closed = false;
  let nextId = 0;
  let provider: Provider;
  let link: Link | undefined;

  const died = () => {
    deaths += 1;
    link = undefined;
  };

  const connect = (): Link => {
    if (closed) throw new TrackerError({ name: 'ClosedError', message: 'The tracker is closed.' });
    if (deaths > RESTARTS) {
      throw new TrackerError({
        name: 'WorkerError',
        message: 'The tracker stopped several times in a row. Reload the page.',
      });
    }
    link ??= new Link(options, died);
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
    const id = nextId++;
    const tracked = await current.ask(frame, id, request(id));
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
