import type { Frame } from '../../library';

/** Pictures that MediaPipe accepts. */
export type ImageSource =
  | HTMLVideoElement
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageBitmap
  | ImageData
  | VideoFrame;

/** Whether the source has a picture: a video has none before its first frame is decoded. */
export function hasPicture(source: ImageSource): boolean {
  return !('readyState' in source) || source.readyState >= HAVE_CURRENT_DATA;
}

/** HTMLMediaElement.HAVE_CURRENT_DATA; the class does not exist in workers. */
const HAVE_CURRENT_DATA = 2;

/** A copy of the picture as a frame; `timestamp` in milliseconds. */
export function frameOf(source: ImageSource, timestamp: number, index: number): Frame {
  const picture = 'data' in source ? canvasOf(source) : source;
  const image = new VideoFrame(picture, { timestamp: Math.round(timestamp * 1000) });
  const { displayWidth: width, displayHeight: height } = image;
  return { image, time: timestamp / 1000, index, width, height, source: 'mediapipe' };
}

function canvasOf(pixels: ImageData): OffscreenCanvas {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}
