/** Types of glTF accessors, by the number of values in an element. */
const TYPES = { 1: 'SCALAR', 2: 'VEC2', 3: 'VEC3', 4: 'VEC4' } as const;
const FLOAT = 5126;
const UINT16 = 5123;
const VERTICES = 34962;
const INDICES = 34963;

/** A glTF document, as plain JSON. */
export type Json = Record<string, unknown>;

export interface Sampler {
  readonly node: number;
  readonly path: 'translation' | 'rotation' | 'weights';
  /** Values of all samples, one after another. */
  readonly values: Float32Array;
}

/**
 * Collects binary data and the accessors that describe it. Indices of accessors start at `accessors` and those of buffer
 * views at `views`, for data that is added to an existing file.
 */
export class GlbData {
  readonly accessors: Json[] = [];
  readonly views: Json[] = [];
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  #length: number;

  constructor(private readonly start: { readonly accessors: number; readonly views: number; readonly bytes: number }) {
    this.#length = start.bytes;
  }

  get bytes(): number {
    return this.#length;
  }

  get parts(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#parts;
  }

  /** Float data, `width` values in an element; the accessor's index. `bounds`: with minimum and maximum. */
  floats(values: Float32Array, width: 1 | 2 | 3 | 4, { vertices = false, bounds = false } = {}): number {
    const view = this.#view(Float32Array.from(values), vertices ? VERTICES : undefined);
    const count = values.length / width;
    const range = bounds ? boundsOf(values, width) : {};
    return this.#accessor({ bufferView: view, componentType: FLOAT, count, type: TYPES[width], ...range });
  }

  indices(values: Uint16Array): number {
    const view = this.#view(Uint16Array.from(values), INDICES);
    return this.#accessor({ bufferView: view, componentType: UINT16, count: values.length, type: 'SCALAR' });
  }

  /** An animation of the samplers; all have a sample at each of `times`, seconds. */
  animation(name: string, times: Float64Array, samplers: readonly Sampler[]): Json {
    const input = this.floats(Float32Array.from(times), 1, { bounds: true });
    const widths = { translation: 3, rotation: 4, weights: 1 } as const;
    return {
      name,
      samplers: samplers.map(({ path, values }) => ({ input, output: this.floats(values, widths[path]) })),
      channels: samplers.map(({ node, path }, sampler) => ({ sampler, target: { node, path } })),
    };
  }

  #accessor(accessor: Json): number {
    return this.start.accessors + this.accessors.push(accessor) - 1;
  }

  #view(values: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>, target: number | undefined): number {
    const bytes = padded(new Uint8Array(values.buffer), 0);
    this.#parts.push(bytes);
    const view = { buffer: 0, byteOffset: this.#length, byteLength: values.byteLength, ...(target ? { target } : {}) };
    this.#length += bytes.length;
    return this.start.views + this.views.push(view) - 1;
  }
}

/** The bytes of a GLB file: its JSON, and the binary parts one after another. */
export function* glbFile(json: Json, parts: readonly Uint8Array<ArrayBuffer>[]): Generator<Uint8Array<ArrayBuffer>> {
  const text = padded(new Uint8Array(new TextEncoder().encode(JSON.stringify(json))), 0x20);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  yield words(0x46546c67, 2, 12 + 8 + text.length + 8 + length);
  yield words(text.length, 0x4e4f534a);
  yield text;
  yield words(length, 0x004e4942);
  yield* parts;
}

function words(...values: number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value, true);
  return new Uint8Array(view.buffer);
}

/** `bytes` with `filler` up to a multiple of 4. */
function padded(bytes: Uint8Array<ArrayBuffer>, filler: number): Uint8Array<ArrayBuffer> {
  if (bytes.length % 4 === 0) return bytes;
  const all = new Uint8Array(4 * Math.ceil(bytes.length / 4)).fill(filler);
  all.set(bytes);
  return all;
}

function boundsOf(values: Float32Array, width: number): { min: number[]; max: number[] } {
  const min = new Array<number>(width).fill(Number.POSITIVE_INFINITY);
  const max = new Array<number>(width).fill(Number.NEGATIVE_INFINITY);
  for (const [i, value] of values.entries()) {
    min[i % width] = Math.min(min[i % width] ?? value, value);
    max[i % width] = Math.max(max[i % width] ?? value, value);
  }
  return { min, max };
}
