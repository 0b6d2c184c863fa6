import { at } from '../../src/face/at';

/** Counts from which the figures of a clip come; add those of its frames. */
export interface MaskCounts {
  /** Pixels of both masks, and of either. */
  readonly both: number;
  readonly either: number;
  /** Outline pixels that the other's outline is near, and all. */
  readonly foundNear: number;
  readonly found: number;
  readonly trueNear: number;
  readonly true: number;
}

export interface MaskFigures {
  /** Intersection over union. */
  readonly iou: number;
  /** Harmonic mean of the shares of both outlines that lie within 2 pixels of the other. */
  readonly boundary: number;
}

/** Pixels that an outline may be off. */
const NEAR = 2;
const HALF = 128;

/** Compares two masks (× 255, half is the border) where `region` is not 0. */
export function countMask(mask: Uint8Array, truth: Uint8Array, region: Uint8Array, width: number): MaskCounts {
  const counts = { both: 0, either: 0 };
  for (let i = 0; i < mask.length; i++) {
    if (!region[i]) continue;
    const a = at(mask, i) >= HALF;
    const b = at(truth, i) >= HALF;
    if (a && b) counts.both += 1;
    if (a || b) counts.either += 1;
  }
  const found = outline(mask, width);
  const wanted = outline(truth, width);
  const [foundNear, foundAll] = nearTo(found, wanted, region, width);
  const [trueNear, trueAll] = nearTo(wanted, found, region, width);
  return { ...counts, foundNear, found: foundAll, trueNear, true: trueAll };
}

export function maskFigures(frames: readonly MaskCounts[]): MaskFigures {
  const sum = (name: keyof MaskCounts) => frames.reduce((total, counts) => total + counts[name], 0);
  const precision = sum('foundNear') / Math.max(1, sum('found'));
  const recall = sum('trueNear') / Math.max(1, sum('true'));
  return {
    iou: sum('both') / Math.max(1, sum('either')),
    boundary: (2 * precision * recall) / Math.max(1e-9, precision + recall),
  };
}

/** Mean change (× 255) between two masks of a still scene, over pixels within `reach` of the truth's outline. */
export function flicker(
  before: Uint8Array,
  now: Uint8Array,
  truth: Uint8Array,
  region: Uint8Array,
  width: number,
  reach = 10,
): number {
  const band = spread(outline(truth, width), width, reach);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < now.length; i++) {
    if (!region[i] || !band[i]) continue;
    sum += Math.abs(at(now, i) - at(before, i));
    count += 1;
  }
  return sum / Math.max(1, count);
}

/** Pixels of the mask with a neighbour that is not of it. */
function outline(mask: Uint8Array, width: number): Uint8Array {
  const is = (i: number) => at(mask, i) >= HALF;
  return mask.map((_, i) => {
    if (!is(i)) return 0;
    const x = i % width;
    const inner =
      (x === 0 || is(i - 1)) &&
      (x === width - 1 || is(i + 1)) &&
      (i < width || is(i - width)) &&
      (i + width >= mask.length || is(i + width));
    return inner ? 0 : 1;
  });
}

function nearTo(from: Uint8Array, to: Uint8Array, region: Uint8Array, width: number): [number, number] {
  const close = spread(to, width, NEAR);
  let near = 0;
  let all = 0;
  for (let i = 0; i < from.length; i++) {
    if (!from[i] || !region[i]) continue;
    all += 1;
    near += at(close, i);
  }
  return [near, all];
}

/** 1 within `reach` pixels of a set pixel. */
function spread(set: Uint8Array, width: number, reach: number): Uint8Array {
  const height = set.length / width;
  const out = new Uint8Array(set.length);
  for (let i = 0; i < set.length; i++) {
    if (!set[i]) continue;
    const x = i % width;
    const y = Math.floor(i / width);
    for (let dy = -reach; dy <= reach; dy++) {
      if (y + dy < 0 || y + dy >= height) continue;
      const half = Math.floor(Math.sqrt(reach * reach - dy * dy));
      const row = (y + dy) * width;
      out.fill(1, row + Math.max(0, x - half), row + Math.min(width - 1, x + half) + 1);
    }
  }
  return out;
}

/** 1 inside the convex hull of points (n × stride, x and y first), in pixels of a picture. */
export function hullRegion(points: Float32Array, stride: number, width: number, height: number): Uint8Array {
  const hull = convexHull(points, stride);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    hull.forEach(([ax, ay], i) => {
      const [bx, by] = hull[(i + 1) % hull.length] ?? [ax, ay];
      if (ay === by || y < Math.min(ay, by) || y > Math.max(ay, by)) return;
      const x = ax + ((y - ay) / (by - ay)) * (bx - ax);
      left = Math.min(left, x);
      right = Math.max(right, x);
    });
    const first = Math.max(0, Math.ceil(left));
    const last = Math.min(width - 1, Math.floor(right));
    if (first <= last) out.fill(1, y * width + first, y * width + last + 1);
  }
  return out;
}

type Point = readonly [number, number];

/** Andrew's monotone chain. */
function convexHull(points: Float32Array, stride: number): Point[] {
  const sorted: Point[] = [];
  for (let i = 0; i < points.length; i += stride) sorted.push([at(points, i), at(points, i + 1)]);
  sorted.sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const chain = (list: readonly Point[]) => {
    const out: Point[] = [];
    for (const point of list) {
      while (out.length > 1 && turn(out.at(-2) ?? point, out.at(-1) ?? point, point) <= 0) out.pop();
      out.push(point);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
