import { FaceDetector, type Detection as Found } from '@mediapipe/tasks-vision';
import { type AssetUrls, assetUrl } from '../assets/asset-urls';
import { fetchAsset } from '../assets/fetch-asset';
import type { Detection as FaceBox, Pixels } from '../focus/crop';
import type { QuarterTurns, Range } from './search/detection-areas';
import { shrink, turnPixels } from './shrink';

/** A face's box and eyes with the detector's score. */
export interface Detection extends FaceBox {
  /** 0 to 1. */
  readonly score: number;
}

export interface Detector {
  /**
   * Faces in a picture that is turned before, in pixels of the unturned picture; highest score first. The model of the full
   * range is loaded on first use.
   */
  detect(picture: Pixels, range: Range, turns: QuarterTurns): Promise<readonly Detection[]>;
}

const FILES: Record<Range, string> = {
  short: 'detectors/face_detection_short_range.tflite',
  full: 'detectors/face_detection_full_range_sparse.tflite',
};

/** Files of MediaPipe's WebAssembly below the assets folder. */
export const DETECTOR_WASM = {
  loader: 'wasm/vision_wasm_module_internal.mjs',
  binary: 'wasm/vision_wasm_module_internal.wasm',
} as const;

/** Minimum score. Low: half a face has 0.15 to 0.3. */
const THRESHOLD = 0.15;

/** The detectors use 128 or 192 pixels per side; pictures are reduced to no less than this on their long side. */
const ENOUGH = 384;

/**
 * Loads the short-range detector. Throws AssetError with the address of a model that cannot be loaded. Works only in a module worker, because it imports MediaPipe's module loader.
 */
export async function openDetector(assets: AssetUrls): Promise<Detector> {
  const opened: Partial<Record<Range, Promise<FaceDetector>>> = {};
  const detector = (range: Range) => {
    // A model that could not be loaded is requested again for the next picture.
    opened[range] ??= load(assets, range).catch((reason) => {
      delete opened[range];
      throw reason;
    });
    return opened[range];
  };
  const detect = async (picture: Pixels, range: Range, turns: QuarterTurns) => {
    const factor = Math.max(1, Math.floor(Math.max(picture.width, picture.height) / ENOUGH));
    const small = turnPixels(shrink(picture, factor), turns);
    const task = await detector(range);
    const { detections } = task.detect(new ImageData(small.data, small.width, small.height));
    const scale = { factor, turns, width: small.width, height: small.height };
    return detections.flatMap((found) => detectionOf(found, scale));
  };
  // The first run builds the graph; no frame should wait for it.
  await detect({ data: new Uint8ClampedArray(64 * 64 * 4), width: 64, height: 64 }, 'short', 0);
  return { detect };
}

async function load(assets: AssetUrls, range: Range): Promise<FaceDetector> {
  const response = await fetchAsset(assetUrl(assets, FILES[range]));
  const modelAssetBuffer = new Uint8Array(await response.arrayBuffer());
  const wasmLoaderPath = assetUrl(assets, DETECTOR_WASM.loader);
  await offerLoader(wasmLoaderPath);
  return FaceDetector.createFromOptions(
    { wasmLoaderPath, wasmBinaryPath: assetUrl(assets, DETECTOR_WASM.binary) },
    { baseOptions: { modelAssetBuffer, delegate: 'CPU' }, runningMode: 'IMAGE', minDetectionConfidence: THRESHOLD },
  );
}

/** Each task deletes the global that MediaPipe's loader sets on its first import: set it for every task. */
async function offerLoader(url: string): Promise<void> {
  const loader: { default: unknown } = await import(/* @vite-ignore */ url);
  Object.assign(globalThis, { ModuleFactory: loader.default });
}

/** Size of the reduced and turned picture, and how it was made. */
interface Reduction {
  readonly factor: number;
  readonly turns: QuarterTurns;
  readonly width: number;
  readonly height: number;
}

/**
 * Converts from the reduced and turned picture to the original. MediaPipe's boxes are in pixels of the reduced picture, its
 * points are from 0 to 1; both start at the picture's corner, not at a pixel centre.
 */
function detectionOf(found: Found, reduction: Reduction): Detection[] {
  const { width, height, factor, turns } = reduction;
  const [rightEye, leftEye] = found.keypoints;
  const box = found.boundingBox;
  if (!box || !rightEye || !leftEye) return [];
  const original = (x: number, y: number): [number, number] => {
    const [u, v] = unturn(x, y, reduction);
    return [u * factor - 0.5, v * factor - 0.5];
  };
  const [w, h] = turns % 2 === 0 ? [box.width, box.height] : [box.height, box.width];
  const [centreX, centreY] = original(box.originX + box.width / 2, box.originY + box.height / 2);
  return [
    {
      x: centreX - (w * factor) / 2,
      y: centreY - (h * factor) / 2,
      width: w * factor,
      height: h * factor,
      rightEye: original(rightEye.x * width, rightEye.y * height),
      leftEye: original(leftEye.x * width, leftEye.y * height),
      score: found.categories[0]?.score ?? 0,
    },
  ];
}

/** A point of the turned picture (width × height) in the unturned one, both from the picture's corner. */
function unturn(x: number, y: number, { turns, width, height }: Reduction): readonly [number, number] {
  if (turns === 1) return [height - y, x];
  if (turns === 2) return [width - x, height - y];
  return turns === 3 ? [y, width - x] : [x, y];
}
