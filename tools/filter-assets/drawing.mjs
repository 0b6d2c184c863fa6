/** Shapes and noise for textures; lengths in pixels, x right, y down. */

export const clamp = (value, low = 0, high = 1) => Math.min(Math.max(value, low), high);
export const mix = (a, b, t) => a + (b - a) * t;
export const mixColour = (a, b, t) => a.map((value, i) => mix(value, b[i], t));

/** 0 below `from`, 1 above `to`, smooth between; `from` may be the larger one. */
export function smoothstep(from, to, value) {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

function hash(x, y) {
  let h = Math.imul(x, 374761393) + Math.imul(y, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise, −1 to 1, one bump a unit. */
export function noise(x, y) {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [s, t] = [x - i, y - j].map((f) => f * f * (3 - 2 * f));
  const row = (k) => mix(hash(i, j + k), hash(i + 1, j + k), s);
  return 2 * mix(row(0), row(1), t) - 1;
}

/** Distance to an ellipse's edge, roughly, in pixels; below 0 inside. */
export function ellipse(x, y, { at, radii, turn = 0 }) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [dx, dy] = [x - at[0], y - at[1]];
  const u = (cos * dx + sin * dy) / radii[0];
  const v = (cos * dy - sin * dx) / radii[1];
  return (Math.hypot(u, v) - 1) * Math.min(...radii);
}

function toSegment(x, y, [ax, ay], [bx, by]) {
  const [ux, uy] = [bx - ax, by - ay];
  const t = clamp(((x - ax) * ux + (y - ay) * uy) / (ux * ux + uy * uy || 1));
  return { t, distance: Math.hypot(x - ax - t * ux, y - ay - t * uy) };
}

/** A polygon of points: distance to its edge, below 0 inside. */
export function polygon(points) {
  return (x, y) => {
    let least = Number.POSITIVE_INFINITY;
    let inside = false;
    points.forEach((a, i) => {
      const b = points[(i + 1) % points.length];
      least = Math.min(least, toSegment(x, y, a, b).distance);
      if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside;
    });
    return inside ? -least : least;
  };
}

/** A line through points: distance to it, and how far along it that is, 0 to 1. */
export function path(points) {
  return (x, y) => {
    let best = { distance: Number.POSITIVE_INFINITY, along: 0 };
    for (let i = 0; i + 1 < points.length; i++) {
      const { t, distance } = toSegment(x, y, points[i], points[i + 1]);
      if (distance < best.distance) best = { distance, along: (i + t) / (points.length - 1) };
    }
    return best;
  };
}

/** A brush stroke along a quadratic curve, `width` at its start, pointed at its end: distance to its edge. */
export function stroke([a, b, c], width, { blunt = 0 } = {}) {
  const points = Array.from({ length: 17 }, (_, i) => {
    const t = i / 16;
    return [0, 1].map((k) => (1 - t) ** 2 * a[k] + 2 * t * (1 - t) * b[k] + t * t * c[k]);
  });
  const line = path(points);
  const [left, right] = [0, 1].map((k) => [Math.min, Math.max].map((f) => f(...points.map((p) => p[k]))));
  return (x, y) => {
    const far = Math.max(left[0] - x, x - left[1], right[0] - y, y - right[1]);
    if (far > 2 * width) return far;
    const { distance, along } = line(x, y);
    const taper = Math.min(1, mix(0.55, 1, smoothstep(0, 0.25, along))) * Math.sqrt(clamp(1 - along + blunt));
    return distance - (width * taper) / 2;
  };
}
