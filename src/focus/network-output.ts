import { float32At } from '../face/at';

/** The network's output in named slices, after the activations. */
export interface NetworkOutput {
  /** 80, standard deviations. */
  readonly identity: Float32Array;
  /** 52, 0 to 1. */
  readonly expression: Float32Array;
  /** 9: rotation 6D, translation in half crops, log scale. */
  readonly pose: Float32Array;
  /** 10, standard deviations. */
  readonly albedo: Float32Array;
  /** 27 = 3 colours × 9. */
  readonly light: Float32Array;
  /** 1, probability. */
  readonly presence: Float32Array;
  /** Channels × 96 × 96 probabilities: occluder, skin, in newer bundles also own hair and headwear. */
  readonly mask: Float32Array;
}

/** Number of rows and of columns of the mask. */
export const MASK_SIZE = 96;

/** Cells of one channel of the mask. */
export const MASK_CELLS = MASK_SIZE * MASK_SIZE;

/** Permitted numbers of values of each output. */
export const OUTPUT_LENGTHS: Readonly<Record<keyof NetworkOutput, readonly number[]>> = {
  identity: [80],
  expression: [52],
  pose: [9],
  albedo: [10],
  light: [27],
  presence: [1],
  mask: [2 * MASK_CELLS, 3 * MASK_CELLS],
};

/** Selects the named outputs. Throws where one is missing, is not float32, has another length or a value that is not finite. */
export function readOutputs(found: Readonly<Record<string, { readonly data: unknown } | undefined>>): NetworkOutput {
  const entries = Object.entries(OUTPUT_LENGTHS).map(([name, lengths]) => {
    const data = found[name]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`network: output ${name} is missing or not float32`);
    if (!lengths.includes(data.length)) {
      throw new Error(`network: output ${name} has ${data.length} values, not ${lengths.join(' or ')}`);
    }
    if (!Number.isFinite(sumOf(data))) throw new Error(`network: output ${name} has values that are not finite`);
    return [name, data] as const;
  });
  return Object.fromEntries(entries) as unknown as NetworkOutput;
}

/** Not finite where a value is not: much faster than looking at each. The activations keep finite sums far from overflow. */
function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += float32At(values, i);
  return sum;
}
