/**
 * Entry point `peekaboo-face/mediapipe`: FaceLandmarker with the names and the results of `@mediapipe/tasks-vision`.
 */
export { DrawingUtils } from '@mediapipe/tasks-vision';
export { FaceLandmarker, type FaceLandmarkerOptions, FilesetResolver } from './mediapipe/face-landmarker';
export type { FaceLandmarkerResult } from './mediapipe/results';
