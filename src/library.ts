/** What the package exports besides `createTracker`. */
export { CameraError, type CameraOptions, camera, listCameras } from './capture/camera';
export { ImageError, images, readImage } from './capture/images';
export { VideoFileError, type VideoFileOptions, videoFile, videoFileFrames } from './capture/video-file';
export { VideoReadError } from './capture/video-file-frames';
export type { EventRegion, StateKind } from './events/event-kinds';
export {
  createFaceEvents,
  type FaceEvent,
  type FaceEventKind,
  type FaceEventOptions,
  type FaceEvents,
  faceEvents,
} from './events/face-events';
export type { Threshold } from './events/hysteresis';
export { expressionIndex } from './face/expression';
export { type FaceModel, modelVertices } from './face/face-model';
export { facePose, faceVertices, modelTriangles } from './face/face-pose';
export { projectPoints } from './face/projection';
export { withRestingFace } from './face/resting-face';
export * from './face/types';
export { VERTICAL_FOV } from './focus/camera';
export { drawOcclusion } from './occlusion/draw-occlusion';
export { occlusionMask } from './occlusion/occlusion-mask';
export { occlusionTexture } from './occlusion/occlusion-texture';
export { TrackerError, type TrackerErrorCode } from './pipeline/client';
export type { Manifest, Progress } from './pipeline/protocol';
export { SMOOTHING_GROUPS, SMOOTHING_PRESETS, type SmoothingGroup, type SmoothingSettings } from './smoothing/settings';
export type { FrameSource } from './tracker/frame-source';
export type { TrackedFrames, TrackOptions } from './tracker/tracked-frames';
export type { Tracker, TrackerOptions } from './tracker/tracker';
