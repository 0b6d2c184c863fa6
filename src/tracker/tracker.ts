import type { Observable } from 'rxjs';
import type { FaceModel } from '../face/face-model';
import type { Frame, Provider, TrackedFrame } from '../face/types';
import type { Port } from '../pipeline/client';
import type { DetectorKind } from '../pipeline/detect/detection';
import type { Manifest, Progress } from '../pipeline/protocol';
import type { SmoothingSettings } from '../smoothing/settings';
import type { FrameSource } from './frame-source';
import type { TrackedFrames, TrackOptions } from './tracked-frames';

export interface TrackerOptions {
  /**
   * Folder with the tracker's files (`npx peekaboo-face copy-assets DIR` copies it), an absolute URL or relative to the page.
   * Default: the folder next to this module.
   */
  readonly assets?: string | URL;
  /** Folder of other weights, relative to the page. Default: those in the assets folder. */
  readonly bundle?: string;
  /** Address of the worker's script, relative to the page. Default: `worker.mjs` in the assets folder. */
  readonly workerUrl?: string | URL;
  /** Starts the worker in another way; called again after a worker has stopped. */
  readonly spawn?: () => Port;
  /** An abort ends the loading, which rejects with the signal's reason, or closes the tracker. */
  readonly signal?: AbortSignal;
  /** Where the network runs. 'auto' takes WebGPU where it is quicker than the CPU. Default 'auto'. */
  readonly provider?: 'auto' | Provider;
  /**
   * What finds faces that are not tracked yet. 'mediapipe' needs WebGL in the worker; 'onnx' runs the same models with
   * onnxruntime-web everywhere, and loads 2.6 MB less. 'auto' takes MediaPipe where it runs. Default 'auto'.
   */
  readonly detector?: 'auto' | DetectorKind;
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

/** A face tracker whose models are loaded, in a worker of its own. `using` closes it. */
export interface Tracker extends Disposable {
  readonly faceModel: FaceModel;
  readonly manifest: Manifest;
  /** Where the network runs; changes when a lost graphics device cannot be rebuilt. */
  readonly provider: Provider;
  /**
   * Tracks the faces of a live source: an Observable of frames (`camera()`, `videoFile()`), a `<video>`, a MediaStream or a
   * canvas. The results are an Observable and an async iterable. One frame is processed at a time; meanwhile only the newest
   * pending frame is kept. A frame is closed after the subscriber has returned, or when the iteration continues, unless
   * `keepFrames` is set. A frame that fails is skipped; four failures in a row are an error (TrackerError).
   */
  track(source: FrameSource, options?: TrackOptions): TrackedFrames;
  /**
   * The same for files: every frame, in order. Pull sources (`videoFileFrames`, `images`) deliver the next frame only when
   * the last one is done. A frame that fails is an error (TrackerError).
   */
  trackEvery(frames$: Observable<Frame>, options?: TrackOptions): TrackedFrames;
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
