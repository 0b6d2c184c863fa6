import type { FaceData, Frame, Provider, RawFaceData, Timings } from '../face/types';
import { type Bundle, loadBundle } from '../focus/bundle';
import { createDecoder, type Decoder } from '../focus/decode';
import { createMirror, type Mirror } from '../focus/mirror';
import { DeviceLostError, openSession } from '../focus/session';
import type { SmoothingSettings } from '../smoothing/settings';
import { createFacesSmoother, type FacesSmoother } from '../smoothing/smooth-faces';
import { createSmoothingLandmarks } from '../smoothing/smoothing-landmarks';
import { type Detector, openDetector } from './detect';
import { findStillFaces, type Parts } from './find-faces';
import { createLooks } from './look';
import { type Network, openNetwork } from './network';
import { createPixelReader, wholeBox } from './pixels';
import type { OpenSettings, Progress } from './protocol';
import { createStopwatch, type Stopwatch } from './stopwatch';
import { createFaceTracker, type FaceTracker } from './track-faces';

/** What was seen in one frame. */
export interface Seen {
  readonly faces: readonly FaceData[];
  /** Before smoothing; undefined where nothing is smoothed. */
  readonly raw?: readonly RawFaceData[];
  readonly timings: Timings;
  readonly provider: Provider;
}

/** Everything between a frame and its faces, on one thread. One call at a time; frames stay the caller's. */
export interface Tracking {
  readonly provider: Provider;
  readonly bundle: Bundle;
  /** Follows the faces of a stream; each stream has its own memory. */
  track(stream: number, frame: Frame): Promise<Seen>;
  /** What a stream left for after its frame was delivered; to be called after each `track`. Never throws. */
  rest(stream: number): Promise<void>;
  /** Looks at a picture by itself. */
  still(frame: Frame): Promise<Seen>;
  /** Forgets a stream. */
  end(stream: number): void;
  /** How calmly the faces of streams move from the next frame on. */
  smoothing(settings: SmoothingSettings): void;
}

/**
 * Loads detector and network. Throws with the reason when one of them cannot be loaded. `openNetworkSession` opens the
 * network, and opens it anew when its device was lost.
 */
export async function openTracking(
  settings: OpenSettings,
  onProgress: (progress: Progress) => void,
  openNetworkSession: typeof openSession = openSession,
): Promise<Tracking> {
  const watch = createStopwatch();
  const { bundle, network, decoder, parts } = await openModels(settings, watch, onProgress, openNetworkSession);
  const rules = { faces: settings.faces, threshold: bundle.manifest.outputs.presence.threshold };
  const streams = new Map<number, Stream>();
  const landmarks = createSmoothingLandmarks(decoder.landmarkModel);
  let { smoothing } = settings;
  const newSmoother = () => (settings.smooth ? createFacesSmoother({ landmarks, smoothing }) : undefined);
  const see = async (look: () => Promise<Sight>): Promise<Seen> => {
    watch.start();
    const sight = await look();
    return { ...sight, timings: watch.timings(), provider: network.provider };
  };
  return {
    bundle,
    get provider() {
      return network.provider;
    },
    track(id, frame) {
      const stream = streams.get(id) ?? openStream(createFaceTracker(parts, rules), newSmoother(), watch);
      streams.set(id, stream);
      return see(() => stream.step(frame));
    },
    rest: async (id) => streams.get(id)?.rest(),
    still: (frame) => see(async () => ({ faces: await findStillFaces(frame, parts, rules) })),
    end: (id) => void streams.delete(id),
    smoothing(next) {
      smoothing = next;
      for (const stream of streams.values()) stream.smoothWith(newSmoother());
    },
  };
}

interface Models {
  readonly bundle: Bundle;
  readonly network: Network;
  readonly decoder: Decoder;
  readonly parts: Parts;
}

async function openModels(
  settings: OpenSettings,
  watch: Stopwatch,
  onProgress: (progress: Progress) => void,
  openNetworkSession: typeof openSession,
): Promise<Models> {
  const stage = async <T>(name: string, work: Promise<T>): Promise<T> => {
    onProgress({ stage: name, loaded: 0, total: 1 });
    const done = await work;
    onProgress({ stage: name, loaded: 1, total: 1 });
    return done;
  };
  const loading = loadBundle(settings.bundle, {
    onProgress: (loaded, total) => onProgress({ stage: 'network', loaded, total }),
  });
  const [bundle, detector] = await Promise.all([loading, stage('detector', openDetector(settings.detectors))]);
  const open = (provider: 'auto' | Provider) =>
    openNetworkSession(bundle.network, { provider, threads: settings.threads });
  const isLost = (reason: unknown) => reason instanceof DeviceLostError;
  const network = await stage('start', openNetwork(open, settings.provider, isLost));
  const decoder = createDecoder(bundle.faceModel, bundle.manifest, bundle.landmarkShift);
  const mirror = createMirror(bundle.faceModel);
  const parts = createParts(detector, network, { decoder, mirror, size: bundle.manifest.crop.size }, watch);
  return { bundle, network, decoder, parts };
}

interface Reading {
  readonly decoder: Decoder;
  readonly mirror: Mirror;
  /** Of the crop, pixels. */
  readonly size: number;
}

function createParts(detector: Detector, network: Network, reading: Reading, watch: Stopwatch): Parts {
  const reader = createPixelReader();
  const { decoder, mirror, size } = reading;
  return {
    ...createLooks(reader, (image) => network.run(image), decoder, mirror, size, watch),
    async detect({ image, width, height }, range) {
      const picture = await watch.timeAsync('pixels', () => reader.read(image, wholeBox(width, height)));
      return watch.timeAsync('detect', () => detector.detect(picture, range));
    },
    async copy(frame) {
      const { image } = frame;
      return { ...frame, image: 'clone' in image ? image.clone() : await createImageBitmap(image) };
    },
  };
}

type Sight = Pick<Seen, 'faces' | 'raw'>;

/** One stream's memory: its faces and, when smoothing, a smoother for each of them. */
interface Stream {
  step(frame: Frame): Promise<Sight>;
  rest(): Promise<void>;
  /** Takes over, with no memory. */
  smoothWith(smoother: FacesSmoother | undefined): void;
}

function openStream(tracker: FaceTracker, first: FacesSmoother | undefined, watch: Stopwatch): Stream {
  let smoother = first;
  return {
    async step(frame) {
      const faces = await tracker.step(frame);
      const steady = smoother;
      if (!steady) return { faces };
      return { faces: watch.time('smooth', () => steady.smoothFaces(faces, frame.time)), raw: faces.map(rawFace) };
    },
    rest: tracker.rest,
    smoothWith(next) {
      smoother = next;
    },
  };
}

function rawFace({ id, pose, camera, coefficients }: FaceData): RawFaceData {
  return { id, pose, camera, expressionValues: coefficients.expression };
}
