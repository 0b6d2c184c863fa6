import type { Pixels } from '../focus/crop';

/** A box of a picture on whole pixels: pixels [x, x + width) × [y, y + height). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a part of a picture; `left`, `top` is where the part begins in the picture. */
export interface PixelBlock extends Pixels {
  readonly left: number;
  readonly top: number;
}

/**
 * Reads RGBA out of pictures, only the box that is asked for (a little more where the picture's own layout wants even
 * numbers). The block read last is overwritten by the next read.
 */
export interface PixelReader {
  read(image: VideoFrame | ImageBitmap, box: Box): Promise<PixelBlock>;
}

export function createPixelReader(): PixelReader {
  let buffer = new Uint8ClampedArray(0);
  let context: OffscreenCanvasRenderingContext2D | undefined;
  let copies = true;

  const room = (bytes: number) => {
    if (buffer.length < bytes) buffer = new Uint8ClampedArray(bytes);
    return buffer.subarray(0, bytes);
  };

  const copy = async (frame: VideoFrame, box: Box): Promise<PixelBlock> => {
    const visible = frame.visibleRect ?? { x: 0, y: 0 };
    const part = evenBox(box, frame.displayWidth, frame.displayHeight);
    const rect = { x: visible.x + part.x, y: visible.y + part.y, width: part.width, height: part.height };
    const data = room(part.width * part.height * 4);
    await frame.copyTo(data, { rect, format: 'RGBA' });
    return { data, width: part.width, height: part.height, left: part.x, top: part.y };
  };

  const draw = (image: CanvasImageSource, box: Box): PixelBlock => {
    context ??= openContext(box.width, box.height);
    const { canvas } = context;
    if (canvas.width < box.width) canvas.width = box.width;
    if (canvas.height < box.height) canvas.height = box.height;
    context.globalCompositeOperation = 'copy';
    context.drawImage(image, -box.x, -box.y);
    const { data } = context.getImageData(0, 0, box.width, box.height);
    return { data, width: box.width, height: box.height, left: box.x, top: box.y };
  };

  return {
    async read(image, box) {
      if (copies && image instanceof VideoFrame && canCopy(image)) {
        try {
          return await copy(image, box);
        } catch (reason) {
          if (!(reason instanceof DOMException || reason instanceof TypeError)) throw reason;
          copies = false; // This browser's copyTo knows no RGBA: every later picture is drawn.
        }
      }
      return draw(image, box);
    },
  };
}

/** The whole of a picture. */
export function wholeBox(width: number, height: number): Box {
  return { x: 0, y: 0, width, height };
}

/** Grows a box to even numbers inside the picture: pictures with halved colour are copied in pairs. */
function evenBox(box: Box, width: number, height: number): Box {
  const x = box.x - (box.x % 2);
  const y = box.y - (box.y % 2);
  const right = Math.min(width, box.x + box.width + ((box.x + box.width) % 2));
  const bottom = Math.min(height, box.y + box.height + ((box.y + box.height) % 2));
  return { x, y, width: right - x, height: bottom - y };
}

/** Turned, stretched or opaque frames are drawn instead. */
function canCopy(frame: VideoFrame): boolean {
  const { visibleRect, displayWidth, displayHeight } = frame;
  return frame.format !== null && visibleRect?.width === displayWidth && visibleRect.height === displayHeight;
}

function openContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas in workers, which reading pixels needs.');
  return context;
}
