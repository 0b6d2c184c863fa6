import { decodeHalf } from './half';
import { EXPRESSION_NAMES, REGIONS, type Vector3 } from './types';

/** face-model.bin, version 1: `PKFM`, uint32 version, uint32 header length, JSON header, arrays (little-endian). */

export const PART_NAMES = ['face', 'head', 'eyeLeft', 'eyeRight', 'teeth', 'gums', 'mouth', 'tongue'] as const;

/** The file is not a face model of version 1; the message names the field and the value. */
export class FaceModelError extends Error {
  override readonly name = 'FaceModelError';
}

type DType = 'float32' | 'float16' | 'uint16' | 'uint8';
type Size = number | 'V' | 'F';
interface Layout {
  readonly dtype: DType;
  readonly shape: readonly Size[];
}

/** The arrays of the file. V: number of vertices, F: number of triangles. */
const LAYOUT = {
  mean: { dtype: 'float32', shape: ['V', 3] },
  triangles: { dtype: 'uint16', shape: ['F', 3] },
  part: { dtype: 'uint8', shape: ['V'] },
  identityBasis: { dtype: 'float16', shape: [80, 'V', 3] },
  expressionBasis: { dtype: 'float16', shape: [52, 'V', 3] },
  albedoMean: { dtype: 'float16', shape: ['V', 3] },
  albedoBasis: { dtype: 'float16', shape: [10, 'V', 3] },
  uv: { dtype: 'float32', shape: ['V', 2] },
  landmarks68: { dtype: 'uint16', shape: [68] },
  mediapipeTriangles: { dtype: 'uint16', shape: [478, 3] },
  mediapipeBarycentric: { dtype: 'float32', shape: [478, 3] },
  mediapipeOffset: { dtype: 'float32', shape: [478, 3] },
  regionWeights: { dtype: 'float16', shape: [10, 'V'] },
  mirror: { dtype: 'uint16', shape: ['V'] },
} as const satisfies Record<string, Layout>;

type ArrayName = keyof typeof LAYOUT;
interface DecodedTypes {
  readonly float32: Float32Array;
  readonly float16: Float32Array;
  readonly uint16: Uint16Array;
  readonly uint8: Uint8Array;
}
/** The arrays by name; half floats are float32 in memory. */
export type FaceModelArrays = { readonly [N in ArrayName]: DecodedTypes[(typeof LAYOUT)[N]['dtype']] };

/** Content of the file; shapes and indices are checked. */
export interface FaceModelFile {
  readonly arrays: FaceModelArrays;
  readonly origin: Vector3;
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

/** Reads face-model.bin. Throws FaceModelError with the reason where it does not conform to version 1. */
export function readFaceModelFile(bytes: ArrayBuffer): FaceModelFile {
  const { header, start } = readHeader(bytes);
  const entries = header.arrays as readonly Entry[];
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const sizes = { V: byName.get('mean')?.shape?.[0] ?? 0, F: byName.get('triangles')?.shape?.[0] ?? 0 };
  const arrays: Record<string, Float32Array | Uint16Array | Uint8Array> = {};
  for (const [name, layout] of Object.entries(LAYOUT)) {
    arrays[name] = readArray(bytes, start, name, layout, byName.get(name), sizes);
  }
  for (const name of ['triangles', 'landmarks68', 'mediapipeTriangles', 'mirror']) {
    refuse(
      (arrays[name] as Uint16Array).some((index) => index >= sizes.V),
      `${name}: a vertex index beyond ${sizes.V}`,
    );
  }
  refuse(
    (arrays.part as Uint8Array).some((part) => part >= PART_NAMES.length),
    'part: an index beyond partNames',
  );
  return { arrays: arrays as unknown as FaceModelArrays, origin: header.origin as Vector3 };
}

function readHeader(bytes: ArrayBuffer): { header: Record<string, unknown>; start: number } {
  const view = new DataView(bytes);
  const magic = bytes.byteLength < 12 ? '' : String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  refuse(magic !== 'PKFM', `magic: '${magic}' instead of 'PKFM'`);
  refuse(view.getUint32(4, true) !== 1, `version: ${view.getUint32(4, true)} instead of 1`);
  const start = 12 + view.getUint32(8, true);
  refuse(start > bytes.byteLength, `header: ends at byte ${start} of ${bytes.byteLength}`);
  refuse(start % 16 !== 0, `header: the arrays start at byte ${start}, not a multiple of 16`);
  const header = parseHeader(new TextDecoder().decode(new Uint8Array(bytes, 12, start - 12)));
  const wanted: Record<string, unknown> = {
    format: 'peekaboo-face-model',
    version: 1,
    units: 'mm',
    axes: "x subject's left, y up, z to the viewer",
    expressionNames: EXPRESSION_NAMES,
    regionNames: REGIONS,
    partNames: PART_NAMES,
  };
  for (const [key, value] of Object.entries(wanted)) {
    const found = JSON.stringify(header[key]);
    refuse(found !== JSON.stringify(value), `${key}: ${found} instead of ${JSON.stringify(value)}`);
  }
  const origin = header.origin;
  refuse(!(Array.isArray(origin) && origin.length === 3 && origin.every(Number.isFinite)), 'origin: not three numbers');
  refuse(!Array.isArray(header.arrays), 'arrays: missing');
  return { header, start };
}

function parseHeader(text: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch (error) {
    throw new FaceModelError(`header: ${(error as Error).message}`);
  }
  throw new FaceModelError('header: not an object');
}

function readArray(
  bytes: ArrayBuffer,
  start: number,
  name: string,
  layout: Layout,
  entry: Entry | undefined,
  sizes: { V: number; F: number },
): Float32Array | Uint16Array | Uint8Array {
  if (!entry) throw new FaceModelError(`${name}: missing`);
  const shape = layout.shape.map((size) => (typeof size === 'number' ? size : sizes[size]));
  refuse(entry.dtype !== layout.dtype, `${name}: dtype ${entry.dtype} instead of ${layout.dtype}`);
  refuse(`${entry.shape}` !== `${shape}`, `${name}: shape [${entry.shape}] instead of [${shape}]`);
  const count = shape.reduce((product, size) => product * size, 1);
  refuse(!(count > 0), `${name}: empty`);
  const length = count * { float32: 4, float16: 2, uint16: 2, uint8: 1 }[layout.dtype];
  const from = start + entry.offset;
  const fits = Number.isInteger(from) && entry.offset >= 0 && from % 16 === 0 && from + length <= bytes.byteLength;
  refuse(entry.byteLength !== length || !fits, `${name}: ${entry.byteLength} bytes at ${entry.offset} do not fit`);
  const data = decode(layout.dtype, bytes, from, count);
  refuse(data instanceof Float32Array && !data.every(Number.isFinite), `${name}: not finite`);
  return data;
}

function decode(dtype: DType, bytes: ArrayBuffer, from: number, count: number) {
  if (dtype === 'float32') return new Float32Array(bytes, from, count).slice();
  if (dtype === 'float16') return decodeHalf(new Uint16Array(bytes, from, count));
  if (dtype === 'uint16') return new Uint16Array(bytes, from, count).slice();
  return new Uint8Array(bytes, from, count).slice();
}

function refuse(when: boolean, reason: string): void {
  if (when) throw new FaceModelError(`face model: ${reason}`);
}
