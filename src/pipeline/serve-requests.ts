import type { Frame } from '../face/types';
import type { Answer, Progress, Request } from './protocol';
import { markStart, startMarks } from './start-marks';
import { failureOf } from './tracker-error';
import { openTracking, type Tracking, type TrackingResult } from './tracking';

declare const self: DedicatedWorkerGlobalScope;

let openWith: typeof openTracking = openTracking;
let tracking: Tracking | undefined;
/** Milliseconds between two signs of life. */
const PULSE = 500;
/** Time of the last message, ms. */
let told = Number.NEGATIVE_INFINITY;
/** Requests run one after the other; one that fails is answered and does not affect the next. */
let queue: Promise<void> = Promise.resolve();

/** Answers this worker's requests from now on. */
export function serveRequests(open: typeof openTracking): void {
  openWith = open;
  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    queue = queue.then(() => serve(data));
  });
  setInterval(reportAlive, PULSE);
}

/**
 * Tells the page that the worker is alive, twice a second. On the CPU a frame with many inferences blocks the worker's
 * timers, so it is also called before each of them.
 */
function reportAlive(): void {
  if (performance.now() - told >= PULSE / 2) answer({ type: 'alive' });
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
      break;
    case 'wideMasks':
      tracking?.setWideMasks(request.extend);
  }
}

async function open({ settings }: Request & { type: 'open' }): Promise<void> {
  try {
    markStart('worker');
    answer({ type: 'alive' });
    const onProgress = (progress: Progress) => answer({ type: 'progress', progress });
    tracking = await openWith(settings, { onProgress, onStep: reportAlive });
    const { provider, bundle } = tracking;
    const { manifest, faceModelBytes: faceModel } = bundle;
    answer({ type: 'opened', provider, manifest, faceModel, marks: startMarks() });
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
  told = performance.now();
  self.postMessage(message, transfer);
}
