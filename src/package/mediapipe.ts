/**
 * Entry point `peekaboo-face/mediapipe`: FaceLandmarker with the names and the results of `@mediapipe/tasks-vision`.
 */
import { DrawingUtils as MediaPipeDrawingUtils } from '@mediapipe/tasks-vision';
import type { DrawingUtilsClass } from './mediapipe/types';

export { FaceLandmarker, type FaceLandmarkerOptions } from './mediapipe/face-landmarker';
export { FilesetResolver } from './mediapipe/fileset-resolver';
export type { ImageSource } from './mediapipe/image-source';
export type { FaceLandmarkerResult } from './mediapipe/results';
export type * from './mediapipe/types';

/** MediaPipe's drawing functions. */
export const DrawingUtils: DrawingUtilsClass = MediaPipeDrawingUtils;
