import type { TrackedFrame } from '../face/types';
import { context2d, occlusionMask } from './occlusion-mask';

/** One scratch canvas for each canvas that is drawn on. */
const layers = new WeakMap<object, OffscreenCanvas>();

/**
 * Puts what is in front of the faces back over anything drawn on a 2D canvas: the frame's own pixels wherever an object
 * covers a face. The canvas shows the whole frame, scaled to its size, not mirrored. Call it while the frame is open: in
 * the subscriber, or in the loop. The mask is that of the network, interpolated. `peekaboo-face/babylon` also moves its
 * edges to edges of the picture, on the GPU. Throws RangeError for a canvas without a 2D context.
 */
export function drawOcclusion(canvas: HTMLCanvasElement | OffscreenCanvas, result: TrackedFrame): void {
  const target = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (!target) throw new RangeError('drawOcclusion needs a canvas with a 2D context; use occlusionTexture for others');
  if (result.faces.length === 0) return;
  const layer = occlusionMask(result, canvas, layers.get(canvas));
  layers.set(canvas, layer);
  const context = context2d(layer);
  context.globalCompositeOperation = 'source-in';
  context.drawImage(result.frame.image, 0, 0, canvas.width, canvas.height);
  target.save();
  target.resetTransform();
  target.globalCompositeOperation = 'source-over';
  target.globalAlpha = 1;
  target.drawImage(layer, 0, 0);
  target.restore();
}
