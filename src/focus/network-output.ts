/** The network's answer in named slices; activations are applied already. */
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
  /** 2 × 96 × 96 probabilities: occluder, skin. */
  readonly mask: Float32Array;
}

/** Rows and columns of the mask's cells. */
export const MASK_SIZE = 96;

/** How many numbers each output has. */
export const OUTPUT_LENGTHS: Readonly<Record<keyof NetworkOutput, number>> = {
  identity: 80,
  expression: 52,
  pose: 9,
  albedo: 10,
  light: 27,
  presence: 1,
  mask: 2 * MASK_SIZE * MASK_SIZE,
};

/** Pick the named outputs; throws where one is missing, is no float32 or has another length. */
export function readOutputs(found: Readonly<Record<string, { readonly data: unknown } | undefined>>): NetworkOutput {
  const entries = Object.entries(OUTPUT_LENGTHS).map(([name, length]) => {
    const data = found[name]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`network: output ${name} is missing or no float32`);
    if (data.length !== length) throw new Error(`network: output ${name} has ${data.length} numbers, not ${length}`);
    return [name, data] as const;
  });
  return Object.fromEntries(entries) as unknown as NetworkOutput;
}
