import { AvatarError } from '../avatar-error';
import { MOST_JSON_BYTES } from './limits';

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER = 12;
const CHUNK_HEADER = 8;

/** The two parts of a GLB file; `binary` is empty where there is none. */
export interface GlbChunks {
  readonly json: string;
  readonly binary: Uint8Array;
}

/** Throws AvatarError. `name`: the file name, for messages. */
export function readChunks(bytes: ArrayBuffer, name: string): GlbChunks {
  const view = new DataView(bytes);
  if (bytes.byteLength < HEADER + CHUNK_HEADER || view.getUint32(0, true) !== MAGIC) {
    throw new AvatarError(`${name} is not a GLB file. Export the avatar as binary glTF (.glb) or as .vrm.`);
  }
  if (view.getUint32(4, true) !== 2) throw new AvatarError(`${name} is glTF 1. Export it as glTF 2.`);
  const length = view.getUint32(8, true);
  if (length > bytes.byteLength) throw cutOff(name);
  const jsonLength = view.getUint32(HEADER, true);
  const end = HEADER + CHUNK_HEADER + jsonLength;
  if (view.getUint32(HEADER + 4, true) !== JSON_CHUNK || end > length) throw cutOff(name);
  if (jsonLength > MOST_JSON_BYTES) {
    throw new AvatarError(`${name} has a description of more than 16 MB. Reduce the avatar in a 3D program.`);
  }
  const json = new TextDecoder().decode(new Uint8Array(bytes, HEADER + CHUNK_HEADER, jsonLength));
  if (end + CHUNK_HEADER > length) return { json, binary: new Uint8Array() };
  const size = view.getUint32(end, true);
  if (view.getUint32(end + 4, true) !== BIN_CHUNK || end + CHUNK_HEADER + size > length) throw cutOff(name);
  return { json, binary: new Uint8Array(bytes, end + CHUNK_HEADER, size) };
}

export function cutOff(name: string): AvatarError {
  return new AvatarError(`${name} is cut off or broken: its data is incomplete. Copy or export it again.`);
}
