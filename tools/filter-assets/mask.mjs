import { clamp, mixColour, noise, path, smoothstep, stroke } from './drawing.mjs';

/** A Venetian half mask: lacquer with gold painted on it. The box of UVs is that of the filter. */

const BOX = { left: 0.14, right: 0.86, bottom: 0.49, top: 0.93 };
const LACQUER = [0.34, 0.018, 0.05];
const DARK = [0.1, 0.006, 0.03];
const GOLD = [1, 0.76, 0.32];

/** A spiral that rolls up around a point, from an angle, in UV units. */
function curl([cx, cy], radius, start, turns) {
  const steps = Math.ceil(28 * Math.abs(turns));
  return path(
    Array.from({ length: steps + 1 }, (_, i) => {
      const t = i / steps;
      const angle = start + 2 * Math.PI * turns * t;
      const r = radius * (1 - 0.86 * t);
      return [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
    }),
  );
}

/** Curls and leaves on the half with u above 0.5: u from the middle, v. */
const CURLS = [
  curl([0.062, 0.795], 0.03, -2.4, 1.5),
  curl([0.132, 0.822], 0.026, 3.4, -1.5),
  curl([0.205, 0.838], 0.026, -2.2, 1.5),
  curl([0.262, 0.79], 0.028, 2.2, -1.6),
  curl([0.246, 0.655], 0.03, 2.2, 1.6),
  curl([0.168, 0.615], 0.024, 0.2, -1.5),
  curl([0.098, 0.625], 0.018, 2.9, 1.4),
];
const LEAVES = [
  [
    [0.0, 0.742],
    [0.02, 0.78],
    [0.06, 0.826],
  ],
  [
    [0.09, 0.79],
    [0.13, 0.79],
    [0.16, 0.846],
  ],
  [
    [0.155, 0.8],
    [0.2, 0.795],
    [0.235, 0.856],
  ],
  [
    [0.205, 0.768],
    [0.245, 0.752],
    [0.3, 0.826],
  ],
  [
    [0.215, 0.712],
    [0.262, 0.716],
    [0.302, 0.742],
  ],
  [
    [0.205, 0.655],
    [0.235, 0.62],
    [0.29, 0.66],
  ],
  [
    [0.14, 0.64],
    [0.16, 0.6],
    [0.215, 0.598],
  ],
  [
    [0.05, 0.66],
    [0.075, 0.61],
    [0.13, 0.592],
  ],
  [
    [0.0, 0.7],
    [0.012, 0.66],
    [0.0, 0.6],
  ],
].map((points) => stroke(points, 0.0115));
const DOTS = [
  [0.0, 0.765],
  [0.105, 0.838],
  [0.182, 0.855],
  [0.31, 0.79],
  [0.285, 0.695],
  [0.2, 0.628],
  [0.128, 0.61],
  [0.026, 0.79],
];

function goldAt(u, v) {
  const x = Math.abs(u - 0.5);
  const curls = Math.min(
    ...CURLS.map((draw) => draw(x, v)).map(({ distance, along }) => distance - 0.0026 * (1 - 0.5 * along)),
  );
  const leaves = Math.min(...LEAVES.map((draw) => draw(x, v)));
  const dots = Math.min(...DOTS.map(([dx, dy]) => Math.hypot(x - dx, v - dy) - 0.0045));
  return smoothstep(0.0009, -0.0009, Math.min(curls, leaves, dots));
}

/** Colour, and with `surface` what glTF calls occlusion, roughness and metal instead. */
export function venetian(width, height, surface = false) {
  return (px, py) => {
    const u = BOX.left + ((BOX.right - BOX.left) * (px + 0.5)) / width;
    const v = BOX.top - ((BOX.top - BOX.bottom) * (py + 0.5)) / height;
    const gold = goldAt(u, v);
    const worn = 0.5 + 0.3 * noise(px / 31, py / 31) + 0.2 * noise(px / 11 + 7, py / 11);
    if (surface) return [1, 0.3 + 0.06 * worn + 0.12 * gold, 0.55 * gold];
    const fall = clamp(smoothstep(0.1, 0.36, Math.abs(u - 0.5)) * 0.7 + 0.25 * worn);
    return mixColour(mixColour(LACQUER, DARK, fall), GOLD, gold);
  };
}
