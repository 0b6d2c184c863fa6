import { checkOptions, checkValue, FUNCTION, type OptionCheck } from '../face/check-options';
import type { Frame } from '../face/types';
import { contentFault, fileKind, readHead } from './file-kind';
import { type PulledFrames, pulledFrames } from './pulled';

/** An image that cannot be read; the message says what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** An image file and its name. */
export interface NamedImage {
  readonly name: string;
  readonly blob: Blob;
}

export interface ImagesOptions {
  /** Called for each image that is skipped because it cannot be read. */
  readonly onUnreadable?: (error: ImageError, name: string) => void;
  /** Decodes one image. Default: the browser's decoder. */
  readonly decode?: (blob: Blob) => Promise<ImageBitmap>;
}

const OPTION_CHECKS: Readonly<Record<keyof ImagesOptions, OptionCheck>> = { onUnreadable: FUNCTION, decode: FUNCTION };

const LIST: OptionCheck = {
  expected: 'a list of images',
  accepts: (value) => typeof value === 'object' && value !== null && Symbol.iterator in value,
};

/**
 * Images in the given order, upright, without colour conversion, one frame each: `source` is the image's name, `index` its
 * index in the list, `time` equals `index`. Unreadable images are skipped and reported. Throws RangeError for a list or an
 * option that is not accepted.
 */
export function images(files: Iterable<NamedImage>, options: ImagesOptions = {}): PulledFrames {
  checkValue('files', files, LIST);
  checkOptions('options', options, OPTION_CHECKS);
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

/** Reads one image as a frame. Throws ImageError. */
export async function readImage(
  blob: Blob,
  name: string,
  index = 0,
  decode: (blob: Blob) => Promise<ImageBitmap> = decodeImage,
): Promise<Frame> {
  const image = await decode(blob).catch(async (cause: unknown) => {
    throw new ImageError(await undecodableImage(blob, name), { cause });
  });
  return { image, time: index, index, width: image.width, height: image.height, source: name };
}

/** Why an image cannot be decoded: one sentence with a remedy. */
async function undecodableImage(blob: Blob, name: string): Promise<string> {
  const head = await readHead(blob);
  const kind = fileKind(head, name);
  const content = contentFault(head);
  const accepted = 'Use JPEG, PNG or WebP.';
  if (content) return `${name}: this picture cannot be read, because ${content}. ${accepted}`;
  const isDecodable = /JPEG picture|PNG|GIF|WebP|BMP/.test(kind.name);
  if (!isDecodable) return `${name} is ${kind.name}, which this browser cannot decode. ${accepted}`;
  return `${name}: this picture is damaged or cut off. Copy or download it again. ${accepted}`;
}

function decodeImage(blob: Blob): Promise<ImageBitmap> {
  return createImageBitmap(blob, { imageOrientation: 'from-image', colorSpaceConversion: 'none' });
}
