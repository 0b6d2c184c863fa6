import type { Pixels } from '../focus/crop';
import { type Unpack, unpackerOf } from './pixel-formats';

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
 * Reads opaque RGBA out of pictures, only the box that is asked for (a little more where the picture's own layout wants
 * even numbers). Frames in graphics memory (NV12, RGB) are copied in their own format and converted here, in about 1 ms,
 * where the browser's own conversions, copyTo to RGBA or a 2D canvas, take 5 to 25. I420 lies in main memory, where the
 * browser's conversion is the quicker one. Bitmaps are drawn.
 * The block read last is overwritten by the next read.
 */
export interface PixelReader {
  /** Throws when the picture is closed already. */
  read(image: VideoFrame | ImageBitmap, box: Box): Promise<PixelBlock>;
}

export function createPixelReader(): PixelReader {
  const copy = createFrameCopier();
  const draw = createDrawer();
  return {
    async read(image, box) {
      const copied = typeof VideoFrame !== 'undefined' && image instanceof VideoFrame && (await copy(image, box));
      return copied || draw(image, box);
    },
  };
}

/** Copies out of frames; undefined for those that must be drawn. */
function createFrameCopier(): (frame: VideoFrame, box: Box) => Promise<PixelBlock | undefined> {
  let packed = new Uint8Array(0);
  let rgba = new Uint8ClampedArray(0);
  /** Whether this browser's copyTo knows RGBA, as far as is known. */
  let converts = true;

  const roomFor = ({ width, height }: Box) => {
    const size = width * height * 4;
    if (rgba.length < size) rgba = new Uint8ClampedArray(size);
    return rgba.subarray(0, size);
  };

  /** Undefined where the browser does not know how: it says so, or hands out its own format. */
  const convert = async (frame: VideoFrame, rect: Box, data: Uint8ClampedArray) => {
    const planes = await frame.copyTo(data, { rect, format: 'RGBA' }).catch(undefinedIfUnsupported);
    return planes?.length === 1;
  };

  const unpack = async (frame: VideoFrame, rect: Box, data: Uint8ClampedArray, unpacker: Unpack) => {
    const size = frame.allocationSize({ rect });
    if (packed.length < size) packed = new Uint8Array(size);
    const planes = await frame.copyTo(packed, { rect });
    unpacker(packed, planes, rect.width, rect.height, data);
  };

  return async (frame, box) => {
    const unpacker = unpackerOf(frame.format, frame.colorSpace, frame.codedHeight);
    if (!unpacker || !isPlain(frame)) return undefined;
    const part = evenBox(box, frame.displayWidth, frame.displayHeight);
    const { x, y } = frame.visibleRect ?? { x: 0, y: 0 };
    const rect = { ...part, x: x + part.x, y: y + part.y };
    const data = roomFor(part);
    converts &&= frame.format !== 'I420' || (await convert(frame, rect, data));
    if (!converts || frame.format !== 'I420') await unpack(frame, rect, data, unpacker);
    return { data, width: part.width, height: part.height, left: part.x, top: part.y };
  };
}

/** Draws on a canvas of its own and reads that. */
function createDrawer(): (image: CanvasImageSource, box: Box) => PixelBlock {
  let context: OffscreenCanvasRenderingContext2D | undefined;
  return (image, { x, y, width, height }) => {
    context ??= openContext(width, height);
    const { canvas } = context;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    context.globalCompositeOperation = 'copy';
    context.drawImage(image, -x, -y);
    const { data } = context.getImageData(0, 0, width, height);
    return { data, width, height, left: x, top: y };
  };
}

/** The whole of a picture. */
export function wholeBox(width: number, height: number): Box {
  return { x: 0, y: 0, width, height };
}

/** Grows a box to even numbers inside the picture: pictures with halved colour are copied in pairs. */
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

/** False for frames that are shown turned, mirrored or stretched: those are drawn instead. */
function isPlain(frame: VideoFrame): boolean {
  const { visibleRect, displayWidth, displayHeight, rotation, flip } = frame as VideoFrame & Turned;
  return !rotation && !flip && visibleRect?.width === displayWidth && visibleRect.height === displayHeight;
}

/** Newer parts of VideoFrame that the types do not know yet. */
interface Turned {
  readonly rotation?: number;
  readonly flip?: boolean;
}

function openContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas in workers, which reading pixels needs.');
  return context;
}
