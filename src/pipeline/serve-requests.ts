import type { Frame } from '../face/types';
import type { Answer, Failure, Request } from './protocol';
import { openTracking, type Seen, type Tracking } from './tracking';

declare const self: DedicatedWorkerGlobalScope;

let openWith: typeof openTracking = openTracking;
let tracking: Tracking | undefined;
/** Requests are worked on one after the other; a failed one is answered and forgotten. */
let queue: Promise<void> = Promise.resolve();

/** Answers this worker's requests from now on. */
export function serveRequests(open: typeof openTracking): void {
  openWith = open;
  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    queue = queue.then(() => serve(data));
  });
}

/** A request that cannot be read can neither be answered nor its picture closed: dying lets the page start a new worker. */
self.addEventListener('messageerror', () => {
  throw new Error('a message could not be read');
});

async function serve(request: Request): Promise<void> {
  switch (request.type) {
    case 'open':
      return open(request);
    case 'track':
      await see(request, (opened) => opened.track(request.stream, request.frame));
      return tracking?.rest(request.stream);
    case 'still':
      return see(request, (opened) => opened.still(request.frame));
    case 'end':
      tracking?.end(request.stream);
      break;
    case 'smoothing':
      tracking?.smoothing(request.settings);
  }
}

async function open({ settings }: Request & { type: 'open' }): Promise<void> {
  try {
    tracking = await openWith(settings, (progress) => answer({ type: 'progress', progress }));
    const { provider, bundle } = tracking;
    answer({ type: 'opened', provider, manifest: bundle.manifest, faceModel: bundle.faceModelBytes });
  } catch (reason) {
    answer({ type: 'refused', failure: failureOf(reason) });
  }
}

async function see(
  { id, frame }: { id: number; frame: Frame },
  look: (opened: Tracking) => Promise<Seen>,
): Promise<void> {
  try {
    if (!tracking) throw new Error('The tracker was asked before it was opened.');
    const seen = await look(tracking);
    answer({ type: 'tracked', id, frame, ...seen }, [frame.image]);
  } catch (reason) {
    frame.image.close();
    answer({ type: 'failed', id, failure: failureOf(reason) });
  }
}

function answer(message: Answer, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

function failureOf(reason: unknown): Failure {
  return reason instanceof Error
    ? { name: reason.name, message: reason.message }
    : { name: 'Error', message: String(reason) };
}
