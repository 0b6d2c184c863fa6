import { defer, finalize, Observable } from 'rxjs';
import {
  checkOptions,
  checkValue,
  FUNCTION,
  integerFrom,
  numberFrom,
  OBJECT,
  OBSERVABLE,
  type OptionCheck,
  oneOf,
  TEXT,
  TRUE_OR_FALSE,
} from './face/check-options';
import { type FaceModel, parseFaceModel } from './face/face-model';
import type { Frame, Provider, TrackedFrame } from './face/types';
import { type Client, openClient, type Port, TrackerError } from './pipeline/client';
import { every } from './pipeline/every';
import { newest } from './pipeline/newest';
import type { Manifest, Progress } from './pipeline/protocol';
import { checkSmoothing } from './smoothing/check-smoothing';
import { SMOOTHING_PRESETS, type SmoothingSettings } from './smoothing/settings';

export { CameraError, type CameraOptions, camera, listCameras } from './capture/camera';
export { ImageError, images, readImage } from './capture/images';
export { sampleClip, sampleClipFrames } from './capture/sample-clip';
export { VideoFileError, type VideoFileOptions, videoFile, videoFileFrames } from './capture/video-file';
export { VideoReadError } from './capture/video-file-frames';
export type { EventRegion, StateKind } from './events/event-kinds';
export {
  createFaceEvents,
  type FaceEvent,
  type FaceEventKind,
  type FaceEventOptions,
  type FaceEvents,
  faceEvents,
} from './events/face-events';
export type { Threshold } from './events/hysteresis';
export { expressionIndex } from './face/expression';
export { withRestingFace } from './face/resting-face';
export * from './face/types';
export { TrackerError } from './pipeline/client';
export type { Manifest, Progress } from './pipeline/protocol';
export { SMOOTHING_GROUPS, SMOOTHING_PRESETS, type SmoothingGroup, type SmoothingSettings } from './smoothing/settings';

export interface TrackerOptions {
  /** Folder of the bundle, relative to the page. Default 'models/peekaboo/'. */
  readonly bundle?: string;
  /** Where the network runs. 'auto' takes WebGPU where it is quicker than the CPU. Default 'auto'. */
  readonly provider?: 'auto' | Provider;
  /** Threads of the network on the CPU, 1 to 8. Default 1; more need a page that is cross-origin isolated. */
  readonly threads?: number;
  /** Smooth the faces of `track` and `trackEvery` over time. Default true. */
  readonly smooth?: boolean;
  /** Strength of the smoothing for each group of values, 0 steady to 1 quick; 0.5 for groups that are left out. */
  readonly smoothing?: Partial<SmoothingSettings>;
  /** Maximum number of faces, 1 to 64. Streams track 8 at most, stills all. Default 1. */
  readonly faces?: number;
  /** Vertical field of view of the camera, degrees, 5 to 150; the poses depend on it. Default 63. */
  readonly verticalFov?: number;
  /**
   * Masks cover 1.5 × the crop, for content that is wider than the face, such as avatars and hats. In streams this takes up
   * to one more network run per frame while an occluder is at the border of the crop, otherwise five per second. Default
   * false.
   */
  readonly wideMasks?: boolean;
  /** Called while models load: bytes of each stage, total 0 when unknown. */
  readonly onProgress?: (progress: Progress) => void;
}

/** A face tracker whose models are loaded, in a worker of its own. */
export interface Tracker {
  readonly faceModel: FaceModel;
  readonly manifest: Manifest;
  /** Where the network runs; changes when a lost graphics device cannot be rebuilt. */
  readonly provider: Provider;
  /**
   * Tracks the faces of a live stream, one frame at a time. While a frame is being processed, only the newest pending frame
   * is kept; older ones are closed. The emitted frame belongs to the subscriber, who closes it. A frame that fails is
   * skipped; four failures in a row are an error (TrackerError).
   */
  track(frames$: Observable<Frame>): Observable<TrackedFrame>;
  /**
   * The same for files: every frame, in order. Pull sources (`videoFileFrames`, `images`) deliver the next frame only when
   * the last one is done. A frame that fails is an error (TrackerError).
   */
  trackEvery(frames$: Observable<Frame>): Observable<TrackedFrame>;
  /** Finds the faces of a still, without memory. The frame passes to the tracker and comes back with the result. */
  trackStill(frame: Frame): Promise<TrackedFrame>;
  /** Smooths with other settings from the next frame on; groups that are left out get 0.5. Throws RangeError. */
  setSmoothing(settings: Partial<SmoothingSettings>): void;
  /** Whether tracked frames contain `raw`, the faces before smoothing. Off at first. */
  setRawFaces(include: boolean): void;
  /** Whether masks cover 1.5 × the crop, from the next frame on. */
  setWideMasks(extend: boolean): void;
  /** Frees everything; running streams end with a TrackerError. Idempotent. */
  close(): Promise<void>;
}

/** Successive failures that a live stream tolerates. */
const FAILURES = 3;

/**
 * Loads the models and starts the worker.
 * @throws RangeError for an unknown option or a value that is not accepted, with its name and value.
 * @throws TrackerError with the reason when a model cannot be loaded or does not fit.
 */
export async function createTracker(options: TrackerOptions = {}, spawn: () => Port = spawnWorker): Promise<Tracker> {
  checkOptions('options', options, OPTION_CHECKS);
  if (options.smoothing) checkSmoothing(options.smoothing);
  const { threads = 1, faces = 1, smooth = true, provider = 'auto', verticalFov = 63, onProgress } = options;
  const { wideMasks = false } = options;
  const client = await openClient({
    settings: {
      bundle: folderUrl(options.bundle ?? 'models/peekaboo/'),
      detectors: folderUrl('generated/'),
      provider,
      threads,
      smooth,
      smoothing: { ...SMOOTHING_PRESETS.balanced, ...options.smoothing },
      faces,
      verticalFov,
      rawFaces: false,
      wideMasks,
    },
    spawn,
    ...(onProgress ? { onProgress } : {}),
  });
  const { manifest, faceModel } = client.opened;
  let streams = 0;
  return {
    faceModel: parseFaceModel(faceModel),
    manifest,
    get provider() {
      return client.provider;
    },
    track(frames$) {
      checkValue('frames$', frames$, OBSERVABLE);
      return defer(() => trackLive(client, streams++, frames$));
    },
    trackEvery(frames$) {
      checkValue('frames$', frames$, OBSERVABLE);
      return defer(() => trackAll(client, streams++, frames$));
    },
    async trackStill(frame) {
      checkFrame(frame);
      return client.trackStill(frame);
    },
    setRawFaces(include) {
      checkValue('include', include, TRUE_OR_FALSE);
      client.setRawFaces(include);
    },
    setWideMasks(extend) {
      checkValue('extend', extend, TRUE_OR_FALSE);
      client.setWideMasks(extend);
    },
    setSmoothing(settings) {
      checkSmoothing(settings);
      client.setSmoothing({ ...SMOOTHING_PRESETS.balanced, ...settings });
    },
    async close() {
      client.close();
    },
  };
}

function trackLive(client: Client, stream: number, frames$: Observable<Frame>): Observable<TrackedFrame> {
  let failures = 0;
  const trackOrSkip = async (frame: Frame): Promise<TrackedFrame | undefined> => {
    try {
      checkFrame(frame);
      const tracked = await client.trackFrame(stream, frame);
      failures = 0;
      return tracked;
    } catch (reason) {
      failures += 1;
      if (failures > FAILURES || isClosed(reason)) throw reason;
      return undefined;
    }
  };
  return frames$.pipe(
    newest((frame) => owned(trackOrSkip(frame)), closeFrame),
    finalize(() => client.endStream(stream)),
  );
}

function trackAll(client: Client, stream: number, frames$: Observable<Frame>): Observable<TrackedFrame> {
  const trackFrame = async (frame: Frame): Promise<TrackedFrame> => {
    checkFrame(frame);
    return client.trackFrame(stream, frame);
  };
  return every(frames$, (frame) => owned(trackFrame(frame)), closeFrame).pipe(finalize(() => client.endStream(stream)));
}

/** Emits the tracked frame, or closes it after unsubscription. Completes empty for undefined. */
function owned(pending: Promise<TrackedFrame | undefined>): Observable<TrackedFrame> {
  return new Observable((subscriber) => {
    pending.then(
      (tracked) => {
        if (!tracked) subscriber.complete();
        else if (subscriber.closed) closeFrame(tracked.frame);
        else {
          subscriber.next(tracked);
          subscriber.complete();
        }
      },
      (reason) => subscriber.error(reason),
    );
  });
}

function closeFrame(frame: Frame): void {
  frame.image.close();
}

function isClosed(reason: unknown): boolean {
  return reason instanceof TrackerError && reason.cause.name === 'ClosedError';
}

const OPTION_CHECKS: Readonly<Record<keyof TrackerOptions, OptionCheck>> = {
  bundle: TEXT,
  provider: oneOf(['auto', 'webgpu', 'wasm']),
  threads: integerFrom(1, 8),
  smooth: TRUE_OR_FALSE,
  smoothing: OBJECT,
  faces: integerFrom(1, 64),
  verticalFov: numberFrom(5, 150),
  wideMasks: TRUE_OR_FALSE,
  onProgress: FUNCTION,
};

/** Longest side that browsers can draw, pixels. */
const LONGEST_SIDE = 65_535;

/** Throws RangeError for a value that is not a frame, with the name of the wrong part; its picture is closed. */
function checkFrame(frame: Frame): void {
  try {
    checkValue('frame', frame, OBJECT);
    checkValue('frame.image', frame.image, CLOSABLE);
    checkValue('frame.time', frame.time, numberFrom(-Number.MAX_VALUE, Number.MAX_VALUE));
    checkValue('frame.width', frame.width, integerFrom(1, LONGEST_SIDE));
    checkValue('frame.height', frame.height, integerFrom(1, LONGEST_SIDE));
  } catch (error) {
    if (CLOSABLE.accepts(frame?.image)) closeFrame(frame);
    throw error;
  }
}

const CLOSABLE: OptionCheck = {
  expected: 'a VideoFrame or an ImageBitmap',
  accepts: (value) => OBJECT.accepts(value) && FUNCTION.accepts(Reflect.get(Object(value), 'close')),
};

/** Absolute URL with a slash at the end, relative to the page. */
function folderUrl(folder: string): string {
  return new URL(folder.endsWith('/') ? folder : `${folder}/`, document.baseURI).href;
}

function spawnWorker(): Worker {
  return new Worker(new URL('./pipeline/worker.ts', import.meta.url), { type: 'module', name: 'peekaboo' });
}
