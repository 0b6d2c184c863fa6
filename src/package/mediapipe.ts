/**
 * Entry point `peekaboo-face/mediapipe`: FaceLandmarker with the names and the results of `@mediapipe/tasks-vision`.
 */
import { DrawingUtils as MediaPipeDrawingUtils } from '@mediapipe/tasks-vision';
import type { DrawingUtils as Drawing } from './mediapipe/types';

export { FaceLandmarker, type FaceLandmarkerOptions, FilesetResolver } from './mediapipe/face-landmarker';
export type { FaceLandmarkerResult } from './mediapipe/results';
export type * from './mediapipe/types';

/** MediaPipe's drawing functions. */
export const DrawingUtils: new (context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D) => Drawing =
  MediaPipeDrawingUtils;
