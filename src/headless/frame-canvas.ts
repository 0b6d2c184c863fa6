import type { Frame } from '../face/types';

/** A frame on a canvas of its size, with its pixels. Valid until the next frame is drawn. */
export interface DrawnFrame {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly picture: ImageData;
}

/** Returns a function that draws frames. It throws where the browser has no canvas of the frame's size. */
export function createFrameCanvas(): (frame: Frame) => DrawnFrame {
  let kept: OffscreenCanvasRenderingContext2D | undefined;
  return ({ image, width, height }) => {
    const context = kept ?? openContext();
    kept = undefined;
    context.canvas.width = width;
    context.canvas.height = height;
    context.drawImage(image, 0, 0);
    const picture = context.getImageData(0, 0, width, height);
    // A canvas beyond the browser's limits draws nothing, reads as transparent, and is of no further use.
    if (picture.data[3] !== 255) throw new Error(`this browser cannot draw a picture of ${width} × ${height} pixels`);
    kept = context;
    return { context, picture };
  };
}

function openContext(): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('This browser does not support OffscreenCanvas 2D');
  return context;
}
