/** Pictures that may differ by what another rasteriser does to edges and last bits, and by nothing a person would see. */

/** Differences of a colour up to this are none, of 255. */
const SAME = 12;
/** Of the effect's pixels, the share that may be off: WebGPU's edges are, 0.07 of thin glasses. */
const MOST_OFF = 0.1;
/** Mean difference over the effect's pixels, of 255. */
const MOST_MEAN = 4;

export interface ScreenDifference {
  /** Pixels that are off, anywhere, over those of the effect. */
  readonly off: number;
  /** Of 255, over all pixels, spread over those of the effect. */
  readonly mean: number;
}

/** How far `seen` is off `stored`, measured by the size of the effect: where `stored` is not `plain`. RGBA of equal size. */
export function screenDifference(stored: Uint8Array, seen: Uint8Array, plain: Uint8Array): ScreenDifference {
  let effect = 0;
  let off = 0;
  let sum = 0;
  for (let i = 0; i < stored.length; i += 4) {
    const difference = largest(stored, seen, i);
    if (largest(stored, plain, i) > SAME) effect++;
    if (difference > SAME) off++;
    sum += difference;
  }
  return { off: off / Math.max(1, effect), mean: sum / Math.max(1, effect) };
}

/** What is wrong with a picture; null where nothing is. */
export function screenProblem(stored: Uint8Array, seen: Uint8Array, plain: Uint8Array): string | null {
  const { off, mean } = screenDifference(stored, seen, plain);
  if (off <= MOST_OFF && mean <= MOST_MEAN) return null;
  return `${(100 * off).toFixed(1)} % of the effect is off, by ${mean.toFixed(1)} of 255 in the mean`;
}

/**
 * The picture where it is not `plain`, else transparent. The faintest differences count: around a small effect with soft
 * edges there are as many of them as the effect has pixels, and left out they would be more than half of `MOST_MEAN`.
 */
export function cutOut(picture: Uint8Array, plain: Uint8Array): Uint8Array {
  return picture.map((value, i) => (largest(picture, plain, i - (i % 4)) > 0 ? value : 0));
}

/** A cut-out laid over `plain`. */
export function pasted(cut: Uint8Array, plain: Uint8Array): Uint8Array {
  return cut.map((value, i) => ((cut[i | 3] ?? 0) > 127 ? value : (plain[i] ?? 0)));
}

/** Largest difference of the colours of the pixel at `i`. */
function largest(a: Uint8Array, b: Uint8Array, i: number): number {
  return Math.max(...[i, i + 1, i + 2].map((k) => Math.abs((a[k] ?? 0) - (b[k] ?? 0))));
}
