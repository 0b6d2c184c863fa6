import { FaceDetector, type Detection as Found } from '@mediapipe/tasks-vision';
import wasmLoaderPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.js?url';
import wasmBinaryPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url';

/** short: faces within about two metres, quick. full: far and small faces too, twice the time. */
export type Range = 'short' | 'full';

/** A face's box and eyes in frame pixels; right and left are the subject's. */
export interface Detection {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rightEye: readonly [number, number];
  readonly leftEye: readonly [number, number];
  /** 0 to 1. */
  readonly score: number;
}

export interface Detector {
  /** Faces in a picture, surest first; none is an empty list. The full range's model is loaded when first asked for. */
  detect(image: VideoFrame | ImageBitmap, width: number, height: number, range: Range): Promise<readonly Detection[]>;
  close(): void;
}

const FILES: Record<Range, string> = {
  short: 'face_detection_short_range.tflite',
  full: 'face_detection_full_range_sparse.tflite',
};

/** Score from which a box counts. */
const THRESHOLD = 0.5;

/** Pictures with a longer side than this are shrunk for the detector, which sees 128 or 192 pixels anyway. */
const LONGEST = 1280;

/**
 * Loads the short-range detector; `models` is the URL of the models' folder, with a slash at the end. Throws with the
 * address of a model that cannot be loaded. Only in a module worker: it imports MediaPipe's module loader.
 */
export async function openDetector(models: string): Promise<Detector> {
  const opened: Partial<Record<Range, Promise<FaceDetector>>> = {};
  const detector = (range: Range) => {
    opened[range] ??= load(models + FILES[range]);
    return opened[range];
  };
  const shrink = createShrinker();
  await detector('short');
  return {
    async detect(image, width, height, range) {
      const task = await detector(range);
      const { detections } = task.detect(shrink(image, width, height));
      return detections.flatMap((found) => detectionOf(found, width, height, shrinkage(width, height)));
    },
    close() {
      for (const loading of Object.values(opened)) loading.then((task) => task.close()).catch(() => undefined);
    },
  };
}

async function load(url: string): Promise<FaceDetector> {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`The face detector ${url} is missing (${response.status}). Run: npm run prepare-models`);
  const modelAssetBuffer = new Uint8Array(await response.arrayBuffer());
  return FaceDetector.createFromOptions(
    { wasmLoaderPath, wasmBinaryPath },
    { baseOptions: { modelAssetBuffer, delegate: 'CPU' }, runningMode: 'IMAGE', minDetectionConfidence: THRESHOLD },
  );
}

/** MediaPipe's boxes are in the pixels of what it was given, its points 0 to 1; both count from the picture's corner. */
function detectionOf(found: Found, width: number, height: number, scale: number): Detection[] {
  const [rightEye, leftEye] = found.keypoints;
  const box = found.boundingBox;
  if (!box || !rightEye || !leftEye) return [];
  return [
    {
      x: box.originX / scale - 0.5,
      y: box.originY / scale - 0.5,
      width: box.width / scale,
      height: box.height / scale,
      rightEye: [rightEye.x * width - 0.5, rightEye.y * height - 0.5],
      leftEye: [leftEye.x * width - 0.5, leftEye.y * height - 0.5],
      score: found.categories[0]?.score ?? 0,
    },
  ];
}

function shrinkage(width: number, height: number): number {
  return Math.min(1, LONGEST / Math.max(width, height));
}

function createShrinker() {
  let context: OffscreenCanvasRenderingContext2D | undefined;
  return (
    image: VideoFrame | ImageBitmap,
    width: number,
    height: number,
  ): VideoFrame | ImageBitmap | OffscreenCanvas => {
    const scale = shrinkage(width, height);
    if (scale === 1) return image;
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    context ??= new OffscreenCanvas(w, h).getContext('2d') ?? undefined;
    if (!context) throw new Error('This browser has no 2D canvas in workers, which shrinking large pictures needs.');
    context.canvas.width = w;
    context.canvas.height = h;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, w, h);
    return context.canvas;
  };
}
