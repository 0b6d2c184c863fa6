import type { Face, Frame, Provider, Timings } from '../face/types';
import { type Bundle, loadBundle } from '../focus/bundle';
import { createDecoder } from '../focus/decode';
import { DeviceLostError, openSession } from '../focus/session';
import { createFacesSmoother, type FacesSmoother } from '../smoothing/smooth-faces';
import { openDetector } from './detect';
import { createLook } from './look';
import { openNetwork } from './network';
import { createPixelReader, wholeBox } from './pixels';
import type { OpenSettings, Progress } from './protocol';
import { createStopwatch, type Stopwatch } from './stopwatch';
import { createFaceTracker, type FaceTracker, findStillFaces, type Parts } from './track-faces';

/** What was seen in one frame. */
export interface Seen {
  readonly faces: readonly Face[];
  readonly timings: Timings;
  readonly provider: Provider;
}

/** Everything between a frame and its faces, on one thread. One call at a time; frames stay the caller's. */
export interface Tracking {
  readonly provider: Provider;
  readonly bundle: Bundle;
  /** Follows the faces of a stream; each stream has its own memory. */
  track(stream: number, frame: Frame): Promise<Seen>;
  /** Looks at a picture by itself. */
  still(frame: Frame): Promise<Seen>;
  /** Forgets a stream. */
  end(stream: number): void;
}

/** Loads detector and network. Throws with the reason when one of them cannot be loaded. */
export async function openTracking(
  settings: OpenSettings,
  onProgress: (progress: Progress) => void,
): Promise<Tracking> {
  const bundle = await loadBundle(settings.bundle, {
    onProgress: (loaded, total) => onProgress({ stage: 'network', loaded, total }),
  });
  onProgress({ stage: 'detector', loaded: 0, total: 1 });
  const detector = await openDetector(settings.detectors);
  onProgress({ stage: 'detector', loaded: 1, total: 1 });
  onProgress({ stage: 'start', loaded: 0, total: 1 });
  const { threads } = settings;
  const open = (provider: 'auto' | Provider) => openSession(bundle.network, { provider, threads });
  const network = await openNetwork(open, settings.provider, (reason) => reason instanceof DeviceLostError);
  onProgress({ stage: 'start', loaded: 1, total: 1 });

  const { manifest } = bundle;
  const watch = createStopwatch();
  const reader = createPixelReader();
  const decoder = createDecoder(bundle.faceModel, manifest);
  const look = createLook(createPixelReader(), (image) => network.run(image), decoder, manifest.crop.size, watch);
  const parts: Parts = {
    look,
    async detect({ image, width, height }, range) {
      const picture = await watch.timeAsync('pixels', () => reader.read(image, wholeBox(width, height)));
      return watch.timeAsync('detect', () => detector.detect(picture, range));
    },
  };
  const rules = { faces: settings.faces, threshold: manifest.outputs.presence.threshold };
  const streams = new Map<number, Stream>();
  const newStream = () =>
    openStream(createFaceTracker(parts, rules), settings.smooth ? createFacesSmoother(decoder) : undefined, watch);

  return {
    get provider() {
      return network.provider;
    },
    bundle,
    async track(id, frame) {
      const stream = streams.get(id) ?? newStream();
      streams.set(id, stream);
      watch.start();
      const faces = await stream.step(frame);
      return { faces, timings: watch.timings(), provider: network.provider };
    },
    async still(frame) {
      watch.start();
      const faces = await findStillFaces(frame, parts, rules);
      return { faces, timings: watch.timings(), provider: network.provider };
    },
    end: (id) => void streams.delete(id),
  };
}

/** One stream's memory: its faces and, when smoothing, a smoother for each of them. */
interface Stream {
  step(frame: Frame): Promise<readonly Face[]>;
}

function openStream(tracker: FaceTracker, smoother: FacesSmoother | undefined, watch: Stopwatch): Stream {
  if (!smoother) return tracker;
  return {
    async step(frame) {
      const faces = await tracker.step(frame);
      return watch.time('smooth', () => smoother.step(faces, frame.time));
    },
  };
}
