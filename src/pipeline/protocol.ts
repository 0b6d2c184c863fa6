import type { AssetUrls } from '../assets/asset-urls';
import type { FaceData, Frame, Provider, RawFaceData, Timings } from '../face/types';
import type { Manifest } from '../focus/manifest';
import type { SmoothingSettings } from '../smoothing/settings';
import type { DetectorKind } from './detect/detection';
import type { StartMark } from './start-marks';
import type { TrackerErrorCode } from './tracker-error-code';

export type { Manifest };

/** The settings with which the worker opens. */
export interface OpenSettings {
  /** The bundle's folder, with a slash at the end: a name below the assets folder, or an absolute URL. */
  readonly bundle: string;
  readonly assets: AssetUrls;
  readonly provider: 'auto' | Provider;
  readonly detector: 'auto' | DetectorKind;
  /** Threads of onnxruntime on the CPU. */
  readonly threads: number;
  readonly smooth: boolean;
  readonly smoothing: SmoothingSettings;
  /** Faces to track, 1 to 64; a stream tracks 8 at most. */
  readonly faces: number;
  /** Vertical field of view that the poses assume, degrees. */
  readonly verticalFov: number;
  /** Whether results contain the faces before smoothing. */
  readonly rawFaces: boolean;
  /** Whether masks extend beyond the crop. */
  readonly wideMasks: boolean;
}

/** Progress of a loading stage in bytes; total 0 when unknown. */
export interface Progress {
  readonly stage: string;
  readonly loaded: number;
  readonly total: number;
}

/** An error as data. */
export interface Failure {
  /** The code of a TrackerError, where the name does not determine it. */
  readonly code?: TrackerErrorCode;
  readonly name: string;
  readonly message: string;
  readonly cause?: Failure;
}

/** Page to worker. The image of a frame is transferred: it belongs to the worker until it comes back. */
export type Request =
  | { readonly type: 'open'; readonly settings: OpenSettings }
  | { readonly type: 'track'; readonly id: number; readonly stream: number; readonly frame: Frame }
  | { readonly type: 'still'; readonly id: number; readonly frame: Frame }
  | { readonly type: 'end'; readonly stream: number }
  | { readonly type: 'smoothing'; readonly settings: SmoothingSettings }
  | { readonly type: 'rawFaces'; readonly include: boolean }
  | { readonly type: 'wideMasks'; readonly extend: boolean };

/** Worker to page. When a request fails, the worker closes its image. */
export type Answer =
  /** Sent twice a second while the worker runs. */
  | { readonly type: 'alive' }
  | { readonly type: 'progress'; readonly progress: Progress }
  | {
      readonly type: 'opened';
      readonly provider: Provider;
      readonly manifest: Manifest;
      readonly faceModel: ArrayBuffer;
      readonly marks?: readonly StartMark[];
    }
  | { readonly type: 'refused'; readonly failure: Failure }
  | {
      readonly type: 'tracked';
      readonly id: number;
      readonly frame: Frame;
      readonly faces: readonly FaceData[];
      readonly raw?: readonly RawFaceData[];
      readonly timings: Timings;
      readonly provider: Provider;
    }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
