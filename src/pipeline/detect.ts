import { FaceDetector, type Detection as Found } from '@mediapipe/tasks-vision';
import wasmLoaderPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.js?url';
import wasmBinaryPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url';
import type { Detection as FaceBox, Pixels } from '../focus/crop';
import { shrink } from './shrink';

/** short: faces within about two metres, fast. full: distant and small faces too, twice the time. */
export type Range = 'short' | 'full';

/** A face's box and eyes with the detector's score. */
export interface Detection extends FaceBox {
  /** 0 to 1. */
  readonly score: number;
}

export interface Detector {
  /** Faces in a picture, highest score first. The model of the full range is loaded on first use. */
  detect(picture: Pixels, range: Range): Promise<readonly Detection[]>;
}

const FILES: Record<Range, string> = {
  short: 'face_detection_short_range.tflite',
  full: 'face_detection_full_range_sparse.tflite',
};

/** Minimum score. */
const THRESHOLD = 0.5;

/** The detectors use 128 or 192 pixels per side; pictures are reduced to no less than this on their long side. */
const ENOUGH = 384;

/**
 * Loads the short-range detector; `models` is the URL of the models' folder, with a slash at the end. Throws an error with the
 * address of a model that cannot be loaded. Works only in a module worker, because it imports MediaPipe's module loader.
 */
export async function openDetector(models: string): Promise<Detector> {
  const opened: Partial<Record<Range, Promise<FaceDetector>>> = {};
  const detector = (range: Range) => {
    // A model that could not be loaded is requested again for the next picture.
    opened[range] ??= load(models + FILES[range]).catch((reason) => {
      delete opened[range];
      throw reason;
    });
    return opened[range];
  };
  const detect = async (picture: Pixels, range: Range) => {
    const factor = Math.max(1, Math.floor(Math.max(picture.width, picture.height) / ENOUGH));
    const small = shrink(picture, factor);
    const task = await detector(range);
    const { detections } = task.detect(new ImageData(small.data, small.width, small.height));
    return detections.flatMap((found) => detectionOf(found, small.width, small.height, factor));
  };
  // The first run builds the graph; no frame should wait for it.
  await detect({ data: new Uint8ClampedArray(64 * 64 * 4), width: 64, height: 64 }, 'short');
  return { detect };
}

async function load(url: string): Promise<FaceDetector> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`The face detector ${url} is missing (${response.status}). Run: npm run prepare-models`);
  const modelAssetBuffer = new Uint8Array(await response.arrayBuffer());
  await offerLoader();
  return FaceDetector.createFromOptions(
    { wasmLoaderPath, wasmBinaryPath },
    { baseOptions: { modelAssetBuffer, delegate: 'CPU' }, runningMode: 'IMAGE', minDetectionConfidence: THRESHOLD },
  );
}

/** Each task deletes the global that MediaPipe's loader sets on its first import: set it for every task. */
async function offerLoader(): Promise<void> {
  const loader: { default: unknown } = await import(/* @vite-ignore */ wasmLoaderPath);
  Object.assign(globalThis, { ModuleFactory: loader.default });
}

/**
 * Converts from the reduced picture to the frame. MediaPipe's boxes are in pixels of the reduced picture, its points are
 * from 0 to 1; both start at the picture's corner, not at a pixel centre.
 */
function detectionOf(found: Found, width: number, height: number, factor: number): Detection[] {
  const [rightEye, leftEye] = found.keypoints;
  const box = found.boundingBox;
  if (!box || !rightEye || !leftEye) return [];
  return [
    {
      x: box.originX * factor - 0.5,
      y: box.originY * factor - 0.5,
      width: box.width * factor,
      height: box.height * factor,
      rightEye: [rightEye.x * width * factor - 0.5, rightEye.y * height * factor - 0.5],
      leftEye: [leftEye.x * width * factor - 0.5, leftEye.y * height * factor - 0.5],
      score: found.categories[0]?.score ?? 0,
    },
  ];
}
