import type { FaceLandmarkerResult } from './results';

const MEMBERS = [
  'faceLandmarks',
  'faceBlendshapes',
  'facialTransformationMatrixes',
  'visibility',
  'occlusionMask',
] as const satisfies readonly (keyof FaceLandmarkerResult)[];

/**
 * The promise, with members of a result that throw: code written for MediaPipe reads them without `await`, and gets a
 * sentence instead of undefined.
 */
export function awaitedResult(result: Promise<FaceLandmarkerResult>): Promise<FaceLandmarkerResult> {
  for (const name of MEMBERS)
    Object.defineProperty(result, name, {
      get() {
        throw new TypeError(
          `detect() returns a promise here, because the tracker runs in a worker: (await landmarker.detect(image)).${name}`,
        );
      },
    });
  return result;
}
