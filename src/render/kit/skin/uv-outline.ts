/** Closed curves in the model's UVs, the outlines of shells. Pure. */

export type Uv = readonly [number, number];

/** Points written as `x v, x v, …`, x from the middle of the face to the subject's left. Throws RangeError. */
export function uvPoints(text: string): Uv[] {
  return text.split(',').map((pair) => {
    const [x = Number.NaN, v = Number.NaN, ...more] = pair.trim().split(/\s+/).map(Number);
    if (!Number.isFinite(x + v) || more.length > 0) throw new RangeError(`“${pair}” is not a pair of numbers`);
    return [0.5 + x, v];
  });
}

/** Mirrors points to the other side of the face. */
export function mirrored(points: readonly Uv[]): Uv[] {
  return points.map(([u, v]) => [1 - u, v]);
}

/** A closed curve through points of the half with u above 0.5 and their mirror images; first and last lie on the middle. */
export function mirroredOutline(half: readonly Uv[], steps: number): Uv[] {
  const inner = half.slice(1, -1);
  return smoothOutline([...half, ...mirrored(inner.reverse())], steps);
}

/** A closed curve through points (Catmull-Rom), `steps` points from one to the next. */
export function smoothOutline(points: readonly Uv[], steps: number): Uv[] {
  const n = points.length;
  const at = (i: number): Uv => points[((i % n) + n) % n] ?? [0, 0];
  return points.flatMap((_, i) =>
    Array.from({ length: steps }, (__, step): Uv => {
      const t = step / steps;
      const along = (axis: 0 | 1) => catmullRom(at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis], t);
      return [along(0), along(1)];
    }),
  );
}

/** Whether a UV lies within a closed curve. */
export function isInside(outline: readonly Uv[], u: number, v: number): boolean {
  let inside = false;
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length] ?? [0, 0];
    if (ay > v !== by > v && u < ax + ((v - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  });
  return inside;
}

function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
}
