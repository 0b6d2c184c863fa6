import type { AssetUrls } from '../../assets/asset-urls';
import type { Detection as FaceBox } from '../../focus/crop';
import type { Range } from '../search/detection-areas';
import type { SmallPixels } from '../shrink';

/** A face's box and eyes with the detector's score. */
export interface Detection extends FaceBox {
  /** 0 to 1. */
  readonly score: number;
}

/** What runs the detector's models: MediaPipe, which needs WebGL in the worker, or onnxruntime-web. */
export type DetectorKind = 'mediapipe' | 'onnx';

export interface DetectorOptions {
  readonly detector: 'auto' | DetectorKind;
  readonly assets: AssetUrls;
  /** Threads of onnxruntime. */
  readonly threads: number;
}

/** Finds faces of a picture: boxes and points in its pixels, (0, 0) is its corner; highest score first. */
export type FaceModel = (picture: SmallPixels, range: Range) => Promise<readonly Detection[]>;
