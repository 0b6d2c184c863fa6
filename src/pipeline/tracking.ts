import { AssetError } from '../assets/asset-error';
import { assetUrl } from '../assets/asset-urls';
import { checkWasm } from '../assets/check-wasm';
import { findUnusable } from '../assets/fetch-asset';
import type { FaceData, Frame, Provider, RawFaceData, Timings } from '../face/types';
import { type Bundle, loadBundle } from '../focus/bundle';
import { createDecoder, type Decoder } from '../focus/decode';
import { createMirror } from '../focus/mirror';
import { DeviceLostError, NETWORK_WASM, openSession, prepareSession } from '../focus/session';
import type { SmoothingSettings } from '../smoothing/settings';
import { createFacesSmoother, type FacesSmoother } from '../smoothing/smooth-faces';
import { createSmoothingLandmarks } from '../smoothing/smoothing-landmarks';
import type { Detection } from './detect/detection';
import { openDetector } from './detect/detector';
import { createCropInference, type InferWideMask } from './infer-crop';
import { type Network, openNetwork } from './network';
import { createPixelReader } from './pixels';
import type { OpenSettings, Progress } from './protocol';
import { type FaceFinding, findStillFaces } from './search/find-faces';
import { markStart } from './start-marks';
import { createStopwatch, type Stopwatch } from './stopwatch';
import { createFaceTracker, type FaceTracker } from './track-faces';
import { createMaskWidener, type MaskWidener, widenStillMasks } from './widen-masks';

/** A stream tracks at most this many faces: each takes a network run per frame. */
const MOST_STREAM_FACES = 8;

/** The faces of one frame. */
interface FrameFaces {
  readonly faces: readonly FaceData[];
  /** The faces before smoothing; undefined unless they were requested and smoothing is on. */
  readonly raw?: readonly RawFaceData[];
}

export interface TrackingResult extends FrameFaces {
  readonly timings: Timings;
  readonly provider: Provider;
}

/** Everything between a frame and its faces, on one thread. One call at a time; frames stay the caller's. */
export interface Tracking {
  readonly provider: Provider;
  readonly bundle: Bundle;
  /** Tracks the faces of a stream; each stream has its own memory. */
  trackFrame(stream: number, frame: Frame): Promise<TrackingResult>;
  /** Work of a stream that can wait until its frame is delivered. Call it after each `trackFrame`. Never throws. */
  runDeferredSearch(stream: number): Promise<void>;
  /** Finds the faces of a still. */
  trackStill(frame: Frame): Promise<TrackingResult>;
  /** Removes a stream. */
  endStream(stream: number): void;
  /** Smooths all streams with other settings from the next frame on. */
  setSmoothing(settings: SmoothingSettings): void;
  /** Whether results contain the faces before smoothing. */
  setRawFaces(include: boolean): void;
  /** Whether masks extend beyond the crop, from the next frame on. */
  setWideMasks(extend: boolean): void;
}

export interface TrackingEvents {
  readonly onProgress: (progress: Progress) => void;
  /** Called before each inference and detection, which may block the thread. */
  readonly onStep?: () => void;
}

/**
 * Loads detector and network. Throws with the reason when one of them cannot be loaded. `openNetworkSession` opens the
 * network, also after its device was lost.
 */
export async function openTracking(
  settings: OpenSettings,
  events: TrackingEvents,
  openNetworkSession: typeof openSession = openSession,
): Promise<Tracking> {
  const watch = createStopwatch();
  const models = await explained(settings, () => openModels(settings, watch, events, openNetworkSession));
  const { bundle, network, decoder, finding, inferWideMask } = models;
  const rules = { faces: settings.faces, threshold: bundle.manifest.outputs.presence.threshold };
  const streamRules = { ...rules, faces: Math.min(settings.faces, MOST_STREAM_FACES) };
  const streams = new Map<number, Stream>();
  const landmarks = createSmoothingLandmarks(decoder.landmarkModel);
  let { smoothing, rawFaces, wideMasks } = settings;
  const newSmoother = () => (settings.smooth ? createFacesSmoother({ landmarks, smoothing }) : undefined);
  const timed = async (work: () => Promise<FrameFaces>): Promise<TrackingResult> => {
    watch.start();
    const faces = await work();
    return { ...faces, timings: watch.timings(), provider: network.provider };
  };
  return {
    bundle,
    get provider() {
      return network.provider;
    },
    trackFrame(id, frame) {
      const stream =
        streams.get(id) ??
        openStream(createFaceTracker(finding, streamRules), createMaskWidener(inferWideMask), newSmoother(), watch);
      streams.set(id, stream);
      return timed(() => stream.trackFrame(frame, { rawFaces, wideMasks }));
    },
    runDeferredSearch: async (id) => streams.get(id)?.runDeferredSearch(),
    trackStill: (frame) =>
      timed(async () => {
        const faces = await findStillFaces(frame, finding, rules);
        return { faces: wideMasks ? await widenStillMasks(frame, faces, inferWideMask) : faces };
      }),
    endStream: (id) => void streams.delete(id),
    setSmoothing(next) {
      smoothing = next;
      for (const stream of streams.values()) stream.replaceSmoother(newSmoother());
    },
    setRawFaces(include) {
      rawFaces = include;
    },
    setWideMasks(extend) {
      wideMasks = extend;
    },
  };
}

/**
 * Reports WebAssembly that the page may not run and WebAssembly files that are not served or damaged, as AssetError with
 * the reason: the libraries that load them do not name the address.
 */
async function explained<T>({ assets, provider }: OpenSettings, open: () => Promise<T>): Promise<T> {
  checkWasm();
  try {
    return await open();
  } catch (reason) {
    if (reason instanceof AssetError) throw reason;
    const network = NETWORK_WASM[provider === 'webgpu' ? 'webgpu' : 'wasm'];
    const names = [`${network}.mjs`, `${network}.wasm`];
    const unusable = await findUnusable(names.map((name) => assetUrl(assets, name)));
    if (unusable) unusable.cause ??= reason;
    throw unusable ?? reason;
  }
}

interface Models {
  readonly bundle: Bundle;
  readonly network: Network;
  readonly decoder: Decoder;
  readonly finding: FaceFinding;
  readonly inferWideMask: InferWideMask;
}

async function openModels(
  settings: OpenSettings,
  watch: Stopwatch,
  { onProgress, onStep = () => undefined }: TrackingEvents,
  openNetworkSession: typeof openSession,
): Promise<Models> {
  const reported = async <T>(stage: string, work: Promise<T>): Promise<T> => {
    onProgress({ stage, loaded: 0, total: 1 });
    const done = await work;
    onProgress({ stage, loaded: 1, total: 1 });
    return done;
  };
  const sessionOptions = { threads: settings.threads, assets: settings.assets };
  const preparing = marked('runtime', prepareSession({ ...sessionOptions, provider: settings.provider }));
  const loading = loadBundle((name) => assetUrl(settings.assets, settings.bundle + name), {
    onProgress: (loaded, total) => onProgress({ stage: 'network', loaded, total }),
  });
  const detecting = reported('detector', openDetector(settings));
  const [bundle, detector] = await Promise.all([marked('weights', loading), marked('detector', detecting)]);
  const open = (provider: 'auto' | Provider) => openNetworkSession(bundle.network, { provider, ...sessionOptions });
  await preparing;
  const isLost = (reason: unknown) => reason instanceof DeviceLostError;
  const network = await marked('network', reported('start', openNetwork(open, settings.provider, isLost)));
  const decoder = createDecoder(
    bundle.faceModel,
    bundle.manifest,
    bundle.landmarkShift,
    (settings.verticalFov * Math.PI) / 180,
  );
  const reader = createPixelReader();
  const { inferWideMask, ...inference } = createCropInference({
    reader,
    run(image) {
      onStep();
      return network.run(image);
    },
    decoder,
    mirror: createMirror(bundle.faceModel),
    size: bundle.manifest.crop.size,
    watch,
  });
  const finding: FaceFinding = {
    ...inference,
    async detect({ image }, { box, range, turns }) {
      onStep();
      const picture = await watch.timeAsync('pixels', () => reader.read(image, box));
      try {
        const found = await watch.timeAsync('detect', () => detector.detect(picture, range, turns));
        return found.map((detection) => moved(detection, picture.left, picture.top));
      } finally {
        picture.release();
      }
    },
    copy: copyFrame,
  };
  return { bundle, network, decoder, finding, inferWideMask };
}

/** Marks the end of a stage of the start. */
async function marked<T>(stage: string, work: Promise<T>): Promise<T> {
  const done = await work;
  markStart(stage);
  return done;
}

/** A detection in a picture that begins at (left, top) of the frame. */
function moved(detection: Detection, left: number, top: number): Detection {
  const { x, y, rightEye, leftEye } = detection;
  const point = ([u, v]: readonly [number, number]) => [u + left, v + top] as const;
  return { ...detection, x: x + left, y: y + top, rightEye: point(rightEye), leftEye: point(leftEye) };
}

async function copyFrame(frame: Frame): Promise<Frame> {
  const { image } = frame;
  return { ...frame, image: 'clone' in image ? image.clone() : await createImageBitmap(image) };
}

/** What a frame's result contains. */
type FrameContent = Pick<OpenSettings, 'rawFaces' | 'wideMasks'>;

/** The memory of one stream: its face tracker, its wide masks and, with smoothing, its smoother. */
interface Stream {
  trackFrame(frame: Frame, content: FrameContent): Promise<FrameFaces>;
  runDeferredSearch(): Promise<void>;
  /** The new smoother starts without memory. */
  replaceSmoother(smoother: FacesSmoother | undefined): void;
}

function openStream(
  tracker: FaceTracker,
  widener: MaskWidener,
  first: FacesSmoother | undefined,
  watch: Stopwatch,
): Stream {
  let smoother = first;
  return {
    async trackFrame(frame, { rawFaces, wideMasks }) {
      const tracked = await tracker.trackFrame(frame);
      const faces = wideMasks ? await widener.widenMasks(frame, tracked) : tracked;
      const current = smoother;
      if (!current) return { faces };
      const smooth = watch.time('smooth', () => current.smoothFaces(faces, frame.time));
      return rawFaces ? { faces: smooth, raw: faces.map(rawFaceData) } : { faces: smooth };
    },
    runDeferredSearch: tracker.runDeferredSearch,
    replaceSmoother(next) {
      smoother = next;
    },
  };
}

function rawFaceData({ id, pose, camera, coefficients }: FaceData): RawFaceData {
  return { id, pose, camera, expressionValues: coefficients.expression };
}
