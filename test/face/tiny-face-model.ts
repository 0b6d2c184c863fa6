import { EXPRESSION_NAMES, REGIONS } from '../../src/face/types';

/** Numbers in [-1, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function seededVector(seed: number, length: number, scale = 1, offset = 0): Float32Array {
  const next = seeded(seed);
  return Float32Array.from({ length }, () => offset + scale * next());
}

/** float32 → the bits of the nearest half float; normal numbers and zero only. */
export function encodeHalf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, (value) => {
    if (Math.abs(value) < 2 ** -14) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
    return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction;
  });
}

type Data = Float32Array | Uint16Array | Uint8Array;
export interface TinyArray {
  dtype: 'float32' | 'float16' | 'uint16' | 'uint8';
  shape: number[];
  data: Data;
}

const COLUMNS = 9;
const ROWS = 11;
const V = COLUMNS * ROWS;

/** A bulging sheet of 9 × 11 vertices, 160 × 200 mm, with seeded bases. */
export function tinyArrays(): Record<string, TinyArray> {
  const mean = new Float32Array(V * 3);
  const triangles: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const i = row * COLUMNS + column;
      const x = (column / (COLUMNS - 1) - 0.5) * 160;
      const y = (0.5 - row / (ROWS - 1)) * 200;
      mean.set([x, y, 90 * Math.cos((x / 160) * 2.4) * Math.cos((y / 200) * 2) + 40], 3 * i);
      if (row < ROWS - 1 && column < COLUMNS - 1) {
        triangles.push(i, i + COLUMNS, i + 1, i + 1, i + COLUMNS, i + COLUMNS + 1);
      }
    }
  }
  const random = seeded(7);
  const vertex = () => Math.floor(((random() + 1) / 2) * V);
  const half = (seed: number, shape: number[], scale: number, offset = 0): TinyArray => {
    const values = seededVector(
      seed,
      shape.reduce((a, b) => a * b, 1),
      scale,
      offset,
    );
    return { dtype: 'float16', shape, data: encodeHalf(values) };
  };
  return {
    mean: { dtype: 'float32', shape: [V, 3], data: mean },
    triangles: { dtype: 'uint16', shape: [triangles.length / 3, 3], data: Uint16Array.from(triangles) },
    part: { dtype: 'uint8', shape: [V], data: new Uint8Array(V) },
    identityBasis: half(1, [80, V, 3], 0.8),
    expressionBasis: half(2, [52, V, 3], 3),
    albedoMean: half(3, [V, 3], 0.1, 0.4),
    albedoBasis: half(4, [10, V, 3], 0.05),
    uv: { dtype: 'float32', shape: [V, 2], data: seededVector(5, V * 2, 0.5, 0.5) },
    landmarks68: { dtype: 'uint16', shape: [68], data: Uint16Array.from({ length: 68 }, vertex) },
    mediapipeTriangles: { dtype: 'uint16', shape: [478, 3], data: Uint16Array.from({ length: 478 * 3 }, vertex) },
    mediapipeBarycentric: { dtype: 'float32', shape: [478, 3], data: barycentric(random) },
    mediapipeOffset: { dtype: 'float32', shape: [478, 3], data: seededVector(6, 478 * 3, 0.5) },
    regionWeights: { dtype: 'float16', shape: [10, V], data: regionBands() },
    mirror: { dtype: 'uint16', shape: [V], data: Uint16Array.from({ length: V }, (_, i) => i) },
  };
}

function barycentric(random: () => number): Float32Array {
  const weights = new Float32Array(478 * 3);
  for (let i = 0; i < 478; i++) {
    const a = (random() + 1) / 2;
    const b = ((random() + 1) / 2) * (1 - a);
    weights.set([a, b, 1 - a - b], 3 * i);
  }
  return weights;
}

/** Region k is row k of the sheet. */
function regionBands(): Uint16Array {
  return encodeHalf(
    Array.from({ length: 10 * V }, (_, i) => (Math.floor((i % V) / COLUMNS) === Math.floor(i / V) ? 1 : 0)),
  );
}

/** face-model.bin, version 1. `change` may spoil arrays and header before they are written. */
export function tinyFaceModel(
  change: (arrays: Record<string, TinyArray>, header: Record<string, unknown>) => void = () => {},
): ArrayBuffer {
  const arrays = tinyArrays();
  const header: Record<string, unknown> = {
    format: 'peekaboo-face-model',
    version: 1,
    units: 'mm',
    axes: "x subject's left, y up, z to the viewer",
    origin: [0, 2, 80],
    expressionNames: EXPRESSION_NAMES,
    regionNames: REGIONS,
    partNames: ['face', 'head', 'eyeLeft', 'eyeRight', 'teeth', 'gums', 'mouth', 'tongue'],
    sources: [],
  };
  change(arrays, header);
  let end = 0;
  const entries = Object.entries(arrays).map(([name, { dtype, shape, data }]) => {
    const entry = { name, dtype, shape, offset: end, byteLength: data.byteLength };
    end += Math.ceil(data.byteLength / 16) * 16;
    return entry;
  });
  const text = JSON.stringify({ ...header, arrays: entries });
  const start = Math.ceil((12 + text.length) / 16) * 16;
  const bytes = new Uint8Array(start + end).fill(32, 0, start);
  bytes.set(new TextEncoder().encode('PKFM'));
  new DataView(bytes.buffer).setUint32(4, 1, true);
  new DataView(bytes.buffer).setUint32(8, start - 12, true);
  bytes.set(new TextEncoder().encode(text), 12);
  Object.values(arrays).forEach(({ data }, i) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + (entries[i]?.offset ?? 0));
  });
  return bytes.buffer;
}
