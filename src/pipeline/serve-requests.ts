import type { Frame } from '../face/types';
import type { Answer, Request } from './protocol';
import { failureOf } from './tracker-error';
import { openTracking, type Tracking, type TrackingResult } from './tracking';

declare const self: DedicatedWorkerGlobalScope;

let openWith: typeof openTracking = openTracking;
let tracking: Tracking | undefined;
/** Requests run one after the other; one that fails is answered and does not affect the next. */
let queue: Promise<void> = Promise.resolve();

/** Answers this worker's requests from now on. */
export function serveRequests(open: typeof openTracking): void {
  openWith = open;
  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    queue = queue.then(() => serve(data));
  });
}

/** An unreadable request can neither be answered nor its picture closed: the error ends the worker, and the page restarts it. */
self.addEventListener('messageerror', () => {
  throw new Error('a message could not be read');
});

async function serve(request: Request): Promise<void> {
  switch (request.type) {
    case 'open':
      return open(request);
    case 'track':
      await answerFrame(request, (opened) => opened.trackFrame(request.stream, request.frame));
      return tracking?.runDeferredSearch(request.stream);
    case 'still':
      return answerFrame(request, (opened) => opened.trackStill(request.frame));
    case 'end':
      tracking?.endStream(request.stream);
      break;
    case 'smoothing':
      tracking?.setSmoothing(request.settings);
      break;
    case 'rawFaces':
      tracking?.setRawFaces(request.include);
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

async function answerFrame(
  { id, frame }: { id: number; frame: Frame },
  track: (opened: Tracking) => Promise<TrackingResult>,
): Promise<void> {
  try {
    if (!tracking) throw new Error('a frame was sent before the tracker was opened');
    const result = await track(tracking);
    answer({ type: 'tracked', id, frame, ...result }, [frame.image]);
  } catch (reason) {
    frame.image.close();
    answer({ type: 'failed', id, failure: failureOf(reason) });
  }
}

function answer(message: Answer, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}
