import { clamp, ellipse, noise, path, polygon, smoothstep } from './drawing.mjs';

/** Weights of make-up on the half of the face with u below 0.5 (the other is its mirror), in the model's UVs. */

const OUTER_LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185];
const INNER_LIPS = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191];
/** Of the eye at u below 0.5: from the outer to the inner corner. */
const UPPER_LID = [33, 246, 161, 160, 159, 158, 157, 173, 133];
const LOWER_LID = [33, 7, 163, 144, 145, 153, 154, 155, 133];
const BROW = [70, 63, 105, 66, 107];

/** Points in pixels of a texture whose full width would be `size`. */
const placed = (uvs, size, points) => points.map((point) => [uvs[point][0] * size, (1 - uvs[point][1]) * size]);

/** Red lips, green eye shadow, blue blush. */
export function makeupColour(size, uvs) {
  const mm = size / 215;
  const outer = polygon(placed(uvs, size, OUTER_LIPS));
  const inner = polygon(placed(uvs, size, INNER_LIPS));
  const lid = path(placed(uvs, size, UPPER_LID));
  const brow = path(placed(uvs, size, BROW));
  const eye = polygon(placed(uvs, size, [...UPPER_LID, ...LOWER_LID.slice(1, -1).reverse()]));
  const [outer0, inner0] = [UPPER_LID[0], UPPER_LID.at(-1)].map((point) => uvs[point][0] * size);
  const cheek = { at: [0.292 * size, 0.438 * size], radii: [26 * mm, 13 * mm], turn: -0.5 };
  return (px, py) => {
    const [x, y] = [px + 0.5, py + 0.5];
    const lips = smoothstep(0.5 * mm, -0.7 * mm, outer(x, y)) * smoothstep(-0.6 * mm, 0.1 * mm, inner(x, y));
    const above = lid(x, y);
    const towardsBrow = above.distance / (above.distance + brow(x, y).distance + 1e-6);
    const fromEye = eye(x, y);
    const upper = smoothstep(0.336 * size, 0.312 * size, y);
    const spread = upper * smoothstep(0.9, 0.15, towardsBrow) * smoothstep(14 * mm, 4 * mm, fromEye);
    const under = 0.5 * (1 - upper) * smoothstep(4.5 * mm, 0.5 * mm, fromEye);
    const outwards = 0.45 + 0.55 * smoothstep(inner0, outer0, x);
    const shadow = Math.max(spread, under) * outwards * smoothstep(-0.5 * mm, 0.6 * mm, fromEye);
    const blush = smoothstep(0.55, -1, ellipse(x, y, cheek) / (13 * mm)) * (0.96 + 0.04 * noise(px / 9, py / 9));
    return [lips, clamp(shadow), clamp(blush)];
  };
}

/** Red eye liner, green the lips' gloss, blue a highlight along cheekbone and nose. */
export function makeupLines(size, uvs) {
  const mm = size / 215;
  const upperPoints = placed(uvs, size, UPPER_LID);
  const [corner] = upperPoints;
  const upper = path(upperPoints);
  const lower = path(placed(uvs, size, LOWER_LID));
  const wing = path([
    [corner[0] + 1.5 * mm, corner[1] - 1 * mm],
    [corner[0] - 7 * mm, corner[1] - 5 * mm],
  ]);
  const eye = polygon([...upperPoints, ...placed(uvs, size, LOWER_LID.slice(1, -1).reverse())]);
  const outer = polygon(placed(uvs, size, OUTER_LIPS));
  const bone = { at: [0.268 * size, 0.395 * size], radii: [20 * mm, 5 * mm], turn: -0.55 };
  const bridge = { at: [0.5 * size, 0.375 * size], radii: [2.6 * mm, 17 * mm] };
  return (px, py) => {
    const [x, y] = [px + 0.5, py + 0.5];
    const lid = upper(x, y);
    const thick = (0.5 + 1.5 * (1 - lid.along)) * mm;
    const top = smoothstep(thick + 0.6 * mm, thick - 0.4 * mm, lid.distance);
    const tail = wing(x, y);
    const flick = smoothstep(0.7 * mm, 0, tail.distance - 1.15 * mm * (1 - tail.along));
    const under = lower(x, y);
    const lowerLine = 0.5 * smoothstep(1.3 * mm, 0.2 * mm, under.distance) * smoothstep(0.75, 0.1, under.along);
    const liner = Math.max(top, flick, lowerLine) * smoothstep(-0.9 * mm, 0, eye(x, y));
    const gloss = smoothstep(0, -2.2 * mm, outer(x, y));
    const shine = [bone, bridge].map((shape) => smoothstep(0.6, -0.9, ellipse(x, y, shape) / Math.min(...shape.radii)));
    return [clamp(liner), gloss, Math.max(...shine)];
  };
}
