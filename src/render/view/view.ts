/**
 * How a frame lies on the canvas. Pure.
 *
 * Frame pixels: x right, y down, the centre of the first pixel is (0, 0). Clip space: -1 to 1, y up.
 */

/** contain: the whole frame with bars; cover: the whole canvas, the frame cropped. */
export type Fit = 'contain' | 'cover';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** clip = scale · frame pixel + offset, per axis; `zoom` is canvas pixels per frame pixel. */
export interface FrameView {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  readonly zoom: number;
}

/** Fits `frame` into `canvas`, centred. Sizes in pixels, all above 0. */
export function fitFrame(canvas: Size, frame: Size, fit: Fit, mirror: boolean): FrameView {
  const choose = fit === 'contain' ? Math.min : Math.max;
  const zoom = choose(canvas.width / frame.width, canvas.height / frame.height);
  const sign = mirror ? -1 : 1;
  const scaleX = (sign * 2 * zoom) / canvas.width;
  const scaleY = (-2 * zoom) / canvas.height;
  return {
    scaleX,
    scaleY,
    offsetX: -scaleX * (frame.width / 2 - 0.5),
    offsetY: -scaleY * (frame.height / 2 - 0.5),
    zoom,
  };
}

/** A point of the frame and its target in clip space (unmirrored); `zoom`: canvas pixels per frame pixel. */
export interface Place {
  readonly point: readonly [number, number];
  readonly clip: readonly [number, number];
  readonly zoom: number;
}

/** Places the frame on `canvas` by one of its points. */
export function placeFrame(canvas: Size, mirror: boolean, { point, clip, zoom }: Place): FrameView {
  const sign = mirror ? -1 : 1;
  const scaleX = (sign * 2 * zoom) / canvas.width;
  const scaleY = (-2 * zoom) / canvas.height;
  return {
    scaleX,
    scaleY,
    offsetX: sign * clip[0] - scaleX * point[0],
    offsetY: clip[1] - scaleY * point[1],
    zoom,
  };
}

/** A rectangle of a canvas, canvas pixels from its upper left corner. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** The frame's rectangle on the canvas, clipped to it, in whole pixels. */
export function frameBox(view: FrameView, frame: Size, canvas: Size): Box {
  const centreX = (((frame.width - 1) / 2) * view.scaleX + view.offsetX + 1) * (canvas.width / 2);
  const centreY = (1 - ((frame.height - 1) / 2) * view.scaleY - view.offsetY) * (canvas.height / 2);
  const left = Math.max(0, Math.round(centreX - (view.zoom * frame.width) / 2));
  const top = Math.max(0, Math.round(centreY - (view.zoom * frame.height) / 2));
  const right = Math.min(canvas.width, Math.round(centreX + (view.zoom * frame.width) / 2));
  const bottom = Math.min(canvas.height, Math.round(centreY + (view.zoom * frame.height) / 2));
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}
