import { clamp, noise, polygon, smoothstep } from './drawing.mjs';

const LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185];
/** The beard's edge on one half: x from the middle of the face, v. */
const EDGE = [
  [0, 0.49],
  [0.03, 0.498],
  [0.062, 0.486],
  [0.094, 0.458],
  [0.12, 0.433],
  [0.15, 0.425],
  [0.2, 0.452],
  [0.252, 0.51],
  [0.29, 0.58],
  [0.31, 0.64],
  [0.318, 0.7],
  [0.352, 0.7],
  [0.362, 0.6],
  [0.352, 0.48],
  [0.335, 0.36],
  [0.3, 0.27],
  [0.22, 0.2],
  [0.12, 0.17],
  [0, 0.16],
];

/** Where a full beard grows, in the model's UVs: red from 0 to 1. */
export function beardGrowth(size, uvs) {
  const right = EDGE.map(([x, v]) => [0.5 + x, v]);
  const edge = polygon([
    ...right,
    ...EDGE.slice(1, -1)
      .reverse()
      .map(([x, v]) => [0.5 - x, v]),
  ]);
  const lips = polygon(LIPS.map((point) => uvs[point]));
  return (px, py) => {
    const [u, v] = [(px + 0.5) / size, 1 - (py + 0.5) / size];
    const ragged = 0.004 * noise(px / 5, py / 5) + 0.004 * noise(px / 14, py / 14);
    // The moustache is narrow, cheeks fade out slowly.
    const soft = 0.014 + 0.036 * smoothstep(0.1, 0.2, Math.abs(u - 0.5));
    const cheek = smoothstep(0.006, -soft, edge(u, v) + ragged);
    const lip = smoothstep(0.001, 0.011, lips(u, v) + 0.5 * ragged);
    // Beside the soul patch hair is thin.
    const bare = 0.55 * smoothstep(0.035, 0.01, Math.hypot(Math.abs(u - 0.5) - 0.062, (v - 0.357) * 1.4));
    const thin = 0.86 + 0.14 * noise(px / 22 + 40, py / 22);
    const grows = clamp(cheek * lip * (1 - bare) * thin);
    return [grows, grows, grows];
  };
}

/** A tile of strands: each a cone of its own height (red) and shade (green). The tile repeats without a seam. */
export function strandTile(size) {
  const across = 22;
  const random = (i, j, k) =>
    0.5 + 0.5 * noise(((i + across) % across) * 7.31 + k * 91.7, ((j + across) % across) * 5.17 + k * 13.3);
  return (px, py) => {
    const [x, y] = [((px + 0.5) / size) * across, ((py + 0.5) / size) * across];
    let best = [0.06, 0.3];
    for (let j = Math.floor(y) - 1; j <= Math.floor(y) + 1; j++) {
      for (let i = Math.floor(x) - 1; i <= Math.floor(x) + 1; i++) {
        const [cx, cy] = [i + 0.15 + 0.7 * random(i, j, 1), j + 0.15 + 0.7 * random(i, j, 2)];
        const tall = 0.5 + 0.5 * random(i, j, 3);
        const height = tall * (1 - Math.hypot(x - cx, y - cy) / 0.95);
        if (height > best[0]) best = [height, random(i, j, 4)];
      }
    }
    return [clamp(best[0] * 1.15), best[1], 0];
  };
}
