import type { FaceData, Frame, Provider, RawFaceData, Timings } from '../face/types';
import type { Manifest } from '../focus/manifest';
import type { SmoothingSettings } from '../smoothing/settings';

export type { Manifest };

/** What the worker needs to get ready. */
export interface OpenSettings {
  /** Absolute URL of the bundle's folder, with a slash at the end. */
  readonly bundle: string;
  /** Absolute URL of the folder of the detectors' models, with a slash at the end. */
  readonly detectors: string;
  readonly provider: 'auto' | Provider;
  /** Threads of the network on the CPU. */
  readonly threads: number;
  readonly smooth: boolean;
  readonly smoothing: SmoothingSettings;
  /** Faces to follow, 1 to 4. */
  readonly faces: number;
}

/** How far the models have come: bytes of the stage, total 0 when unknown. */
export interface Progress {
  readonly stage: string;
  readonly loaded: number;
  readonly total: number;
}

/** An error as data. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** Page to worker. The image of a frame is transferred: it belongs to the worker until it comes back. */
export type Request =
  | { readonly type: 'open'; readonly settings: OpenSettings }
  | { readonly type: 'track'; readonly id: number; readonly stream: number; readonly frame: Frame }
  | { readonly type: 'still'; readonly id: number; readonly frame: Frame }
  | { readonly type: 'end'; readonly stream: number }
  | { readonly type: 'smoothing'; readonly settings: SmoothingSettings };

/** Worker to page. A request that failed had its image closed by the worker. */
export type Answer =
  | { readonly type: 'progress'; readonly progress: Progress }
  | {
      readonly type: 'opened';
      readonly provider: Provider;
      readonly manifest: Manifest;
      readonly faceModel: ArrayBuffer;
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
