import { ellipse, smoothstep } from './drawing.mjs';

/** A lit bulb in its halo, to be added to a picture: black where there is none of it. */
export function bulb(size) {
  return (px, py) => {
    const [x, y] = [(px + 0.5) / size - 0.5, (py + 0.5) / size - 0.5];
    const halo = smoothstep(0.5, 0.02, Math.hypot(x, y)) ** 3 * 0.38;
    const glass = Math.min(
      ellipse(x, y, { at: [0, -0.015], radii: [0.062, 0.062] }),
      Math.max(Math.abs(x) - 0.034, Math.abs(y - 0.045) - 0.03),
    );
    const body = smoothstep(0.006, -0.012, glass);
    const core = smoothstep(0.05, 0, Math.hypot(x, y + 0.012));
    const thread = Math.abs(x) < 0.03 && y > 0.082 && y < 0.118 && (y - 0.082) % 0.014 < 0.009 ? 0.55 : 0;
    return [1, 0.78, 0.46].map((warm) => halo * warm + body * (0.55 * warm + 0.25) + core * 0.6 + thread * 0.9);
  };
}
