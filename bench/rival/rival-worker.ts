/** MediaPipe's FaceLandmarker in a module worker, set up for live video: one face, blendshapes, pose matrix, CPU. */
import { FaceLandmarker } from '@mediapipe/tasks-vision';
import wasmLoaderPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.js?url';
import wasmBinaryPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url';
import type { RivalAnswer, RivalRequest } from './rival-protocol';

let landmarker: FaceLandmarker | undefined;

async function open(modelAssetPath: string): Promise<RivalAnswer> {
  landmarker = await FaceLandmarker.createFromOptions(
    { wasmLoaderPath, wasmBinaryPath },
    {
      baseOptions: { modelAssetPath, delegate: 'CPU' },
      runningMode: 'VIDEO',
      numFaces: 1,
      outputFaceBlendshapes: true,
      outputFacialTransformationMatrixes: true,
    },
  );
  return { type: 'opened' };
}

function look({ image, milliseconds, points }: RivalRequest & { type: 'frame' }): RivalAnswer {
  if (!landmarker) throw new Error('open first');
  try {
    const started = performance.now();
    const { faceLandmarks } = landmarker.detectForVideo(image, milliseconds);
    const seen = { type: 'seen', ms: performance.now() - started, faces: faceLandmarks.length } as const;
    const first = points ? faceLandmarks[0] : undefined;
    return first ? { ...seen, points: Float32Array.from(first.flatMap(({ x, y }) => [x, y])) } : seen;
  } finally {
    image.close();
  }
}

async function answer(request: RivalRequest): Promise<RivalAnswer> {
  try {
    return await (request.type === 'open' ? open(request.model) : look(request));
  } catch (error) {
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = async ({ data }: MessageEvent<RivalRequest>) => self.postMessage(await answer(data));
