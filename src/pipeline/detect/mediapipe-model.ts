import type { FaceDetector, Detection as Found } from '@mediapipe/tasks-vision';
import { type AssetUrls, assetUrl } from '../../assets/asset-urls';
import { fetchAsset, findUnusable } from '../../assets/fetch-asset';
import type { Range } from '../search/detection-areas';
import type { Detection, DetectorOptions, FaceModel } from './detection';
import { oncePerRange } from './once-per-range';
import { THRESHOLD } from './threshold';

const FILES: Record<Range, string> = {
  short: 'detectors/face_detection_short_range.tflite',
  full: 'detectors/face_detection_full_range_sparse.tflite',
};

/** Files of MediaPipe's WebAssembly below the assets folder. */
const WASM = {
  loader: 'wasm/vision_wasm_module_internal.mjs',
  binary: 'wasm/vision_wasm_module_internal.wasm',
} as const;

/**
 * MediaPipe's face detection. It works only in a module worker, because it imports MediaPipe's module loader, and it needs
 * WebGL although it computes on the CPU. Throws AssetError with the address of a file that cannot be loaded or is damaged.
 */
export function openMediaPipeModel({ assets }: DetectorOptions): FaceModel {
  const taskOf = oncePerRange((range) => open(assets, range));
  return async (picture, range) => {
    const task = await taskOf(range);
    const { detections } = task.detect(new ImageData(picture.data, picture.width, picture.height));
    return detections.flatMap((found) => detectionOf(found, picture));
  };
}

async function open(assets: AssetUrls, range: Range): Promise<FaceDetector> {
  const modelPath = assetUrl(assets, FILES[range]);
  const response = await fetchAsset(modelPath);
  const modelAssetBuffer = new Uint8Array(await response.arrayBuffer());
  const wasmLoaderPath = assetUrl(assets, WASM.loader);
  const wasmBinaryPath = assetUrl(assets, WASM.binary);
  try {
    const { FaceDetector: Task } = await import('@mediapipe/tasks-vision');
    await offerLoader(wasmLoaderPath);
    return await Task.createFromOptions(
      { wasmLoaderPath, wasmBinaryPath },
      { baseOptions: { modelAssetBuffer, delegate: 'CPU' }, runningMode: 'IMAGE', minDetectionConfidence: THRESHOLD },
    );
  } catch (reason) {
    throw await explained(reason, [modelPath, wasmLoaderPath, wasmBinaryPath]);
  }
}

/** MediaPipe's own error does not name the file, and has its stack trace in C++ from the second line on. */
async function explained(cause: unknown, files: readonly [model: string, ...more: string[]]): Promise<Error> {
  const unusable = await findUnusable(files);
  if (unusable) {
    unusable.cause ??= cause;
    return unusable;
  }
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new Error(`The face detector does not start with ${files[0]}: ${reason}`, { cause });
}

/** Each task deletes the global that MediaPipe's loader sets on its first import: set it for every task. */
async function offerLoader(url: string): Promise<void> {
  const loader: { default: unknown } = await import(/* @vite-ignore */ url);
  Object.assign(globalThis, { ModuleFactory: loader.default });
}

/** MediaPipe's boxes are in pixels, its points are from 0 to 1. */
function detectionOf(found: Found, { width, height }: { width: number; height: number }): Detection[] {
  const [rightEye, leftEye] = found.keypoints;
  const box = found.boundingBox;
  if (!box || !rightEye || !leftEye) return [];
  return [
    {
      x: box.originX,
      y: box.originY,
      width: box.width,
      height: box.height,
      rightEye: [rightEye.x * width, rightEye.y * height],
      leftEye: [leftEye.x * width, leftEye.y * height],
      score: found.categories[0]?.score ?? 0,
    },
  ];
}
