import { AvatarError } from '../avatar-error';
import type { GlbChunks } from './glb-chunks';
import type { Gltf } from './gltf';
import { MOST_PICTURE_PIXELS, MOST_PICTURE_SIDE } from './limits';
import { type PictureSize, pictureSize } from './picture-size';

type Image = NonNullable<Gltf['images']>[number];

/** Bytes of a picture in a data address that are decoded to find its size. */
const HEADER_BYTES = 256 * 1024;
/** Characters of a data address up to its data. */
const LONGEST_TYPE = 200;

/**
 * Throws AvatarError if the decoded pictures need too much memory. Compressed pictures are small: an empty one of
 * 8192 × 8192 pixels has some kilobytes and decodes to 256 MB. A picture counts for each texture with a sampler of its
 * own.
 */
export function checkPictures(gltf: Gltf, { binary }: GlbChunks, name: string): void {
  const { images = [], textures = [] } = gltf;
  const sizes = images.map((image, i) => sizeOf(image, i, gltf, binary, name));
  const used = new Set(textures.map(({ source, sampler, extensions }) => `${webpOf(extensions) ?? source} ${sampler}`));
  const counted = [...used].map((key) => Number.parseInt(key, 10)).filter((image) => sizes[image]);
  const isUsed = new Set(counted);
  const unused = [...sizes.keys()].filter((image) => !isUsed.has(image));
  const pixels = [...counted, ...unused].reduce((sum, image) => sum + pixelsOf(sizes[image]), 0);
  if (pixels > MOST_PICTURE_PIXELS) {
    throw new AvatarError(
      `${name} has pictures of ${millions(pixels)} million pixels, ${millions(MOST_PICTURE_PIXELS)} at most. Reduce its textures.`,
    );
  }
}

function sizeOf(image: Image, index: number, gltf: Gltf, binary: Uint8Array, name: string): PictureSize {
  const bytes = image.uri === undefined ? viewBytes(image, gltf, binary) : dataBytes(image.uri);
  const size = bytes && pictureSize(bytes);
  if (!size) {
    throw new AvatarError(
      `${name} is broken: its picture ${index} is damaged or is none of PNG, JPEG and WebP. Export it again.`,
    );
  }
  if (Math.max(size.width, size.height) > MOST_PICTURE_SIDE) {
    throw new AvatarError(
      `${name} has a picture of ${size.width} × ${size.height} pixels, ${MOST_PICTURE_SIDE} at most on a side. Reduce its textures.`,
    );
  }
  return size;
}

function viewBytes({ bufferView }: Image, { bufferViews = [], buffers = [] }: Gltf, binary: Uint8Array) {
  const view = bufferView === undefined ? undefined : bufferViews[bufferView];
  if (!view) return undefined;
  const { byteOffset = 0, byteLength } = view;
  const uri = buffers[view.buffer]?.uri;
  if (uri === undefined) return binary.subarray(byteOffset, byteOffset + byteLength);
  return dataBytes(uri, byteOffset)?.subarray(0, byteLength);
}

/** The bytes of a data address in base64 from an offset on, up to HEADER_BYTES. */
function dataBytes(uri: string, offset = 0): Uint8Array | undefined {
  const start = uri.slice(0, LONGEST_TYPE).indexOf(';base64,');
  if (start < 0) return undefined;
  // Four characters are three bytes.
  const from = start + 8 + 4 * Math.floor(offset / 3);
  try {
    const text = atob(uri.slice(from, from + 4 * Math.ceil(HEADER_BYTES / 3)));
    return Uint8Array.from(text.slice(offset % 3), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function webpOf(extensions: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const webp = extensions?.EXT_texture_webp;
  if (typeof webp !== 'object' || webp === null || !('source' in webp)) return undefined;
  return typeof webp.source === 'number' ? webp.source : undefined;
}

function pixelsOf(size: PictureSize | undefined): number {
  return size ? size.width * size.height : 0;
}

function millions(pixels: number): string {
  return Math.round(pixels / 1e6).toLocaleString('en');
}
