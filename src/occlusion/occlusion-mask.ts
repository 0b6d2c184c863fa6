import { byteAt } from '../face/at';
import { CROP_CENTRE, CROP_SIZE, cropToFrame } from '../face/crop-transform';
import type { Face, FaceMask, TrackedFrame } from '../face/types';

/** Probabilities × 255 below the first are transparent, above the second opaque. */
const EDGE = [77, 179] as const;

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws where objects are in front of the faces of a frame: a canvas of the frame's shape that is opaque white there and
 * transparent elsewhere. `size`: of the canvas, default the frame's. `reuse`: a canvas that is drawn anew and returned.
 */
export function occlusionMask(
  { frame, faces }: { readonly frame: Size; readonly faces: TrackedFrame['faces'] },
  { width, height }: Size = frame,
  reuse: OffscreenCanvas = new OffscreenCanvas(width, height),
): OffscreenCanvas {
  const context = cleared(reuse, { width, height });
  context.imageSmoothingQuality = 'high';
  for (const face of faces) {
    // From the centres of crop pixels to corners of canvas pixels.
    const { a, b, x0, y0 } = cropToFrame(face.crop);
    const x = width / frame.width;
    const y = height / frame.height;
    context.setTransform(x * a, y * b, -x * b, y * a, x * (x0 + 0.5), y * (y0 + 0.5));
    const side = CROP_SIZE * face.mask.extent;
    context.drawImage(alphaCanvas(face), CROP_CENTRE - side / 2, CROP_CENTRE - side / 2, side, side);
  }
  context.resetTransform();
  return reuse;
}

const alphaCanvases = new WeakMap<FaceMask, OffscreenCanvas>();

/** The occluder of one face's mask as white with alpha, on the mask's grid; drawn once. */
function alphaCanvas({ mask }: Face): OffscreenCanvas {
  const drawn = alphaCanvases.get(mask);
  if (drawn) return drawn;
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const picture = new ImageData(mask.width, mask.height);
  picture.data.fill(255);
  for (let i = 0; i < mask.occluder.length; i++) picture.data[4 * i + 3] = 255 * smoothStep(byteAt(mask.occluder, i));
  context2d(canvas).putImageData(picture, 0, 0);
  alphaCanvases.set(mask, canvas);
  return canvas;
}

function smoothStep(value: number): number {
  const t = Math.min(1, Math.max(0, (value - EDGE[0]) / (EDGE[1] - EDGE[0])));
  return t * t * (3 - 2 * t);
}

function cleared(canvas: OffscreenCanvas, { width, height }: Size): OffscreenCanvasRenderingContext2D {
  // Setting the size clears a canvas, but allocates it anew.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = context2d(canvas);
  context.resetTransform();
  context.globalCompositeOperation = 'source-over';
  context.clearRect(0, 0, width, height);
  return context;
}

/** Throws an Error where the canvas has another kind of context, or the browser none. */
export function context2d(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the canvas has no 2D context');
  return context;
}
