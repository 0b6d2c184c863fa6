import { float32At } from '../face/at';

/** A coarse picture of a crop: 3 × CELLS × CELLS means of samples of its pixels. */
export type CropView = Float32Array;

const CELLS = 12;
/** Pixels from one sample to the next, in both directions. */
const STEP = 4;
/** Variance below which a view is blank: its correlation would be that of noise. */
const BLANK = 1e-4;

/** The view of a network input, 3 × size × size. */
export function cropView(image: Float32Array, size: number): CropView {
  const view = new Float32Array(3 * CELLS * CELLS);
  const cell = size / CELLS;
  const share = (STEP / cell) ** 2;
  for (let channel = 0; channel < 3; channel++) {
    for (let y = STEP / 2; y < size; y += STEP) {
      const from = (channel * size + y) * size;
      const row = (channel * CELLS + Math.floor(y / cell)) * CELLS;
      for (let x = STEP / 2; x < size; x += STEP) {
        const to = row + Math.floor(x / cell);
        view[to] = float32At(view, to) + share * float32At(image, from + x);
      }
    }
  }
  return view;
}

/** Correlation of two views, −1 to 1, independent of brightness and contrast; 1 where one of them is blank. */
export function viewCorrelation(a: CropView, b: CropView): number {
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let both = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < a.length; i++) {
    const differenceA = float32At(a, i) - meanA;
    const differenceB = float32At(b, i) - meanB;
    both += differenceA * differenceB;
    varianceA += differenceA ** 2;
    varianceB += differenceB ** 2;
  }
  if (Math.min(varianceA, varianceB) < BLANK * a.length) return 1;
  return both / Math.sqrt(varianceA * varianceB);
}

function meanOf(view: CropView): number {
  let sum = 0;
  for (let i = 0; i < view.length; i++) sum += float32At(view, i);
  return sum / view.length;
}
