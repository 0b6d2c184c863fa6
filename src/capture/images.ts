import type { Frame } from '../face/types';
import { type PulledFrames, pulledFrames } from './pulled';

/** A picture that cannot be read; the message says what to do about it. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** A picture's bytes and what it is called. */
export interface NamedImage {
  readonly name: string;
  readonly blob: Blob;
}

export interface ImagesOptions {
  /** Told of each picture that is skipped because it cannot be read. */
  readonly onUnreadable?: (error: ImageError, name: string) => void;
  /** Reads one picture; the browser's reader by default. */
  readonly decode?: (blob: Blob) => Promise<ImageBitmap>;
}

/**
 * Pictures in the order given, upright, in their own colour numbers, one frame each: `source` is the picture's name,
 * `index` its place in the list, `time` equals `index`. Unreadable pictures are skipped and reported.
 */
export function images(files: Iterable<NamedImage>, options: ImagesOptions = {}): PulledFrames {
  return pulledFrames(async function* () {
    let index = 0;
    for (const { name, blob } of files) {
      const frame = await readImage(blob, name, index, options.decode).catch((error: ImageError) => {
        options.onUnreadable?.(error, name);
      });
      if (frame) yield frame;
      index += 1;
    }
  });
}

/** Reads one picture as a frame. Throws ImageError. */
export async function readImage(
  blob: Blob,
  name: string,
  index = 0,
  decode: (blob: Blob) => Promise<ImageBitmap> = decodeImage,
): Promise<Frame> {
  const image = await decode(blob).catch((cause: unknown) => {
    const said = cause instanceof Error ? ` (${cause.message})` : '';
    throw new ImageError(`${name}: this is no picture that can be read${said}. Use JPEG, PNG or WebP.`, { cause });
  });
  return { image, time: index, index, width: image.width, height: image.height, source: name };
}

function decodeImage(blob: Blob): Promise<ImageBitmap> {
  return createImageBitmap(blob, { imageOrientation: 'from-image', colorSpaceConversion: 'none' });
}
