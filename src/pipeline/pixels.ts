import type { Pixels } from '../focus/crop';
import { createBufferPool } from './buffer-pool';
import { type Unpack, unpackerOf } from './pixel-formats';

/** A box of a picture on whole pixels: [x, x + width) × [y, y + height). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Opaque RGBA of a part of a picture. It belongs to the reader's caller until `release`. */
export interface PixelBlock extends Pixels {
  /** Position of the first pixel in the picture. */
  readonly left: number;
  readonly top: number;
  /** Gives the memory back for later reads; `data` must not be used afterwards. Call it once. */
  release(): void;
}

/** The browser cannot read a picture of this size; the message says what to do. */
export class PictureReadError extends Error {
  override readonly name = 'PictureReadError';

  constructor(width: number, height: number) {
    super(`This browser cannot read the pixels of a picture of ${width} × ${height}. Reduce its size.`);
  }
}

/**
 * Reads a box of a picture as opaque RGBA; the block may be a little larger where the picture's layout needs even numbers.
 * Frames in graphics memory (NV12, RGB) are copied in their own format and converted here in about 1 ms; the browser's
 * conversions, copyTo to RGBA or a 2D canvas, take 5 to 25 ms. I420 is in main memory, where the browser's conversion is
 * faster. Bitmaps are drawn. Calls may overlap: each block has its own memory.
 */
export interface PixelReader {
  /** Throws when the picture is closed, and PictureReadError when it is too large. */
  read(image: VideoFrame | ImageBitmap, box: Box): Promise<PixelBlock>;
}

export function createPixelReader(): PixelReader {
  const copy = createFrameCopier();
  const draw = createDrawer();
  /** Formats that this browser does not copy: those frames are drawn. WebKit copies none of a video element's frames. */
  const uncopied = new Set<string | null>();
  const copyIfSupported = async (frame: VideoFrame, box: Box) => {
    const { format } = frame;
    if (uncopied.has(format)) return undefined;
    try {
      return await copy(frame, box);
    } catch (reason) {
      undefinedIfUnsupported(reason);
      uncopied.add(format);
      return undefined;
    }
  };
  return {
    async read(image, box) {
      const isFrame = typeof VideoFrame !== 'undefined' && image instanceof VideoFrame;
      return (isFrame && (await copyIfSupported(image, box))) || draw(image, box);
    },
  };
}

/** Copies out of frames; undefined for those that must be drawn. */
function createFrameCopier(): (frame: VideoFrame, box: Box) => Promise<PixelBlock | undefined> {
  const packed = createBufferPool((length) => new Uint8Array(length));
  const rgba = createBufferPool((length) => new Uint8ClampedArray(length));
  /** Whether this browser's copyTo converts to RGBA, as far as is known. */
  let converts = true;

  /** False where the browser does not convert: it throws, or copies its own format. */
  const convert = async (frame: VideoFrame, rect: Box, data: Uint8ClampedArray) => {
    const planes = await frame.copyTo(data, { rect, format: 'RGBA' }).catch(undefinedIfUnsupported);
    return planes?.length === 1;
  };

  const unpack = async (frame: VideoFrame, rect: Box, data: Uint8ClampedArray, unpacker: Unpack) => {
    const { buffer, release } = packed.borrow(frame.allocationSize({ rect }));
    try {
      const planes = await frame.copyTo(buffer, { rect });
      unpacker(buffer, planes, rect.width, rect.height, data);
    } finally {
      release();
    }
  };

  return async (frame, box) => {
    const unpacker = unpackerOf(frame.format, frame.colorSpace, frame.codedHeight);
    if (!unpacker || !isPlain(frame)) return undefined;
    const part = evenBox(box, frame.displayWidth, frame.displayHeight);
    const { x, y } = frame.visibleRect ?? { x: 0, y: 0 };
    const rect = { ...part, x: x + part.x, y: y + part.y };
    const size = part.width * part.height * 4;
    const { buffer, release } = rgba.borrow(size);
    const data = buffer.subarray(0, size);
    try {
      converts &&= frame.format !== 'I420' || (await convert(frame, rect, data));
      if (!converts || frame.format !== 'I420') await unpack(frame, rect, data, unpacker);
    } catch (reason) {
      release();
      throw reason;
    }
    return { data, width: part.width, height: part.height, left: part.x, top: part.y, release };
  };
}

/** Pixels of a canvas that is kept for pictures of other sizes; a larger one gets the size of its picture. */
const KEPT_CANVAS = 4096 * 4096;

/**
 * Draws on a canvas and reads it; every block is new memory. Throws PictureReadError where the browser has no canvas of
 * the picture's size.
 */
function createDrawer(): (image: CanvasImageSource, box: Box) => PixelBlock {
  let context: OffscreenCanvasRenderingContext2D | undefined;
  return (image, { x, y, width, height }) => {
    context ??= openContext(width, height);
    fitCanvas(context.canvas, width, height);
    context.globalCompositeOperation = 'copy';
    context.drawImage(image, -x, -y);
    const { data } = context.getImageData(0, 0, width, height);
    if (!isDrawn(data)) {
      context = undefined;
      throw new PictureReadError(width, height);
    }
    return { data, width, height, left: x, top: y, release: () => undefined };
  };
}

/** Grows a small canvas; one that would become large gets the exact size, so that sides do not grow independently. */
function fitCanvas(canvas: OffscreenCanvas, width: number, height: number): void {
  const [widest, highest] = [Math.max(canvas.width, width), Math.max(canvas.height, height)];
  const [w, h] = widest * highest <= KEPT_CANVAS ? [widest, highest] : [width, height];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

/** A canvas beyond the browser's limits draws nothing and reads as transparent; one without alpha reads as opaque. */
function isDrawn(rgba: Uint8ClampedArray): boolean {
  return rgba[3] === 255;
}

/** The whole of a picture. */
export function wholeBox(width: number, height: number): Box {
  return { x: 0, y: 0, width, height };
}

/** Grows a box to even numbers inside the picture: subsampled chroma is copied in pairs of pixels. */
export function evenBox(box: Box, width: number, height: number): Box {
  const x = box.x - (box.x % 2);
  const y = box.y - (box.y % 2);
  const right = Math.min(width, box.x + box.width + ((box.x + box.width) % 2));
  const bottom = Math.min(height, box.y + box.height + ((box.y + box.height) % 2));
  return { x, y, width: right - x, height: bottom - y };
}

function undefinedIfUnsupported(reason: unknown): undefined {
  if (reason instanceof TypeError || (reason instanceof DOMException && reason.name === 'NotSupportedError')) return;
  throw reason;
}

/** False for frames that are displayed rotated, mirrored or stretched: those are drawn instead. */
function isPlain(frame: VideoFrame): boolean {
  const { visibleRect, displayWidth, displayHeight, rotation, flip } = frame as VideoFrame & Turned;
  return !rotation && !flip && visibleRect?.width === displayWidth && visibleRect.height === displayHeight;
}

/** Newer properties of VideoFrame that the type declarations lack. */
interface Turned {
  readonly rotation?: number;
  readonly flip?: boolean;
}

function openContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas in workers, which is required to read pixels.');
  return context;
}
