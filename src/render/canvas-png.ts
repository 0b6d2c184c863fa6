import type { Box } from './view/view';

/** A part of a canvas as PNG. The canvas must have been drawn in this task: a presented one may be empty. */
export async function canvasPng(canvas: HTMLCanvasElement, { x, y, width, height }: Box): Promise<Blob> {
  const picture = await createImageBitmap(canvas, x, y, width, height);
  const copy = new OffscreenCanvas(width, height);
  const context = copy.getContext('bitmaprenderer');
  if (!context) throw new Error('The canvas cannot be read.');
  context.transferFromImageBitmap(picture);
  return copy.convertToBlob({ type: 'image/png' });
}
