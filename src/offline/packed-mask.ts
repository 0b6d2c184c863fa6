import { deflateSync, inflateSync } from 'fflate';
import type { FaceMask } from '../face/types';

/** Bytes before the compressed channels: width, height (16 bits each), extent (32 bits), big-endian. */
const HEADER = 8;

/** A mask in about a twentieth of its size. */
export function packMask({ width, height, extent, occluder, skin, own }: FaceMask): Uint8Array<ArrayBuffer> {
  const channels = new Uint8Array(3 * width * height);
  channels.set(occluder);
  channels.set(skin, width * height);
  channels.set(own, 2 * width * height);
  const data = deflateSync(channels, { level: 1 });
  const packed = new Uint8Array(HEADER + data.length);
  const view = new DataView(packed.buffer);
  view.setUint16(0, width);
  view.setUint16(2, height);
  view.setFloat32(4, extent);
  packed.set(data, HEADER);
  return packed;
}

/** Throws RangeError for bytes that `packMask` did not make. */
export function unpackMask(packed: Uint8Array): FaceMask {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length <= HEADER) throw new RangeError(`packed mask: ${packed.length} bytes`);
  const width = view.getUint16(0);
  const height = view.getUint16(2);
  const size = width * height;
  const channels = inflateSync(packed.subarray(HEADER));
  if (size === 0 || channels.length !== 3 * size) throw new RangeError(`packed mask: ${channels.length} bytes`);
  return {
    width,
    height,
    extent: view.getFloat32(4),
    occluder: channels.subarray(0, size),
    skin: channels.subarray(size, 2 * size),
    own: channels.subarray(2 * size),
  };
}
