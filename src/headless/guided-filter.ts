import { float32At } from '../face/at';

/**
 * The guided filter (He, Sun, Tang 2013) with a colour guide I: in each window the values are fitted by a linear
 * function of colour, a·I + b, in the least-squares sense; the functions of all windows that contain a pixel are
 * averaged. Edges of the values move to edges of the guide; where the guide is uniform, the values are smoothed.
 */
export interface GuidedFilter {
  /** Window radius in pixels: a window is 2·radius + 1 wide. */
  readonly radius: number;
  /** Colour variance (colours 0 to 1) below which a window counts as uniform. */
  readonly epsilon: number;
}

/** Red, green and blue, each side × side, 0 to 1. */
export type ColourPlanes = readonly [Float32Array, Float32Array, Float32Array];

/** Filters `p` (side × side) and returns a new array. */
export function guidedFilter(
  guide: ColourPlanes,
  p: Float32Array,
  side: number,
  { radius, epsilon }: GuidedFilter,
): Float32Array {
  const [r, g, b] = guide;
  const mean = (values: Float32Array) => boxMean(values, side, radius);
  const [mr, mg, mb, mp] = [mean(r), mean(g), mean(b), mean(p)];
  const covariance = (x: Float32Array, y: Float32Array, xMean: Float32Array, yMean: Float32Array) =>
    mean(x.map((value, i) => value * float32At(y, i))).map(
      (value, i) => value - float32At(xMean, i) * float32At(yMean, i),
    );
  const [rr, rg, rb] = [covariance(r, r, mr, mr), covariance(r, g, mr, mg), covariance(r, b, mr, mb)];
  const [gg, gb, bb] = [covariance(g, g, mg, mg), covariance(g, b, mg, mb), covariance(b, b, mb, mb)];
  const [rp, gp, bp] = [covariance(r, p, mr, mp), covariance(g, p, mg, mp), covariance(b, p, mb, mp)];
  const plane = () => new Float32Array(p.length);
  const [ar, ag, ab, offset] = [plane(), plane(), plane(), plane()];
  for (let i = 0; i < p.length; i++) {
    const s = [
      float32At(rr, i) + epsilon,
      float32At(rg, i),
      float32At(rb, i),
      float32At(gg, i) + epsilon,
      float32At(gb, i),
      float32At(bb, i) + epsilon,
    ] as const;
    const [x, y, z] = solveSymmetric(s, float32At(rp, i), float32At(gp, i), float32At(bp, i));
    ar[i] = x;
    ag[i] = y;
    ab[i] = z;
    offset[i] = float32At(mp, i) - x * float32At(mr, i) - y * float32At(mg, i) - z * float32At(mb, i);
  }
  const [sr, sg, sb, so] = [mean(ar), mean(ag), mean(ab), mean(offset)];
  return p.map(
    (_, i) =>
      float32At(sr, i) * float32At(r, i) +
      float32At(sg, i) * float32At(g, i) +
      float32At(sb, i) * float32At(b, i) +
      float32At(so, i),
  );
}

/** Solves a symmetric 3 × 3 system. The matrix is given by its upper triangle, row by row. */
function solveSymmetric(
  [a, b, c, d, e, f]: readonly [number, number, number, number, number, number],
  x: number,
  y: number,
  z: number,
): [number, number, number] {
  const i00 = d * f - e * e;
  const i01 = c * e - b * f;
  const i02 = b * e - c * d;
  const i11 = a * f - c * c;
  const i12 = b * c - a * e;
  const i22 = a * d - b * b;
  const scale = 1 / (a * i00 + b * i01 + c * i02);
  return [
    (i00 * x + i01 * y + i02 * z) * scale,
    (i01 * x + i11 * y + i12 * z) * scale,
    (i02 * x + i12 * y + i22 * z) * scale,
  ];
}

/** Means over windows, clipped at the border: running sums along rows, then along columns. */
function boxMean(values: Float32Array, side: number, radius: number): Float32Array {
  const rows = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  for (let line = 0; line < side; line++) runningMean(values, rows, side, radius, line * side, 1);
  for (let line = 0; line < side; line++) runningMean(rows, out, side, radius, line, side);
  return out;
}

function runningMean(
  from: Float32Array,
  to: Float32Array,
  count: number,
  radius: number,
  start: number,
  stride: number,
): void {
  let sum = 0;
  for (let i = 0; i < Math.min(radius, count); i++) sum += float32At(from, start + i * stride);
  for (let i = 0; i < count; i++) {
    if (i + radius < count) sum += float32At(from, start + (i + radius) * stride);
    if (i - radius - 1 >= 0) sum -= float32At(from, start + (i - radius - 1) * stride);
    const inside = Math.min(count - 1, i + radius) - Math.max(0, i - radius) + 1;
    to[start + i * stride] = sum / inside;
  }
}
