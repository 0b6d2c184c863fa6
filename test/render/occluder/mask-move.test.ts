import { describe, expect, it } from 'vitest';
import { cropToFrame, frameToCrop } from '../../../src/face/crop-transform';
import type { Crop } from '../../../src/face/types';
import { cropMove } from '../../../src/render/occluder/mask-move';

const NOW: Crop = { centreX: 310, centreY: 225, side: 260, angle: 0.25 };
const BEFORE: Crop = { centreX: 296, centreY: 231, side: 240, angle: 0.1 };

/** By way of the frame: crop pixels of `from` to crop pixels of `to`. */
function through(from: Crop, to: Crop, u: number, v: number): [number, number] {
  const f = cropToFrame(from);
  const t = frameToCrop(to);
  const [x, y] = [f.a * u - f.b * v + f.x0, f.b * u + f.a * v + f.y0];
  return [t.a * x - t.b * y + t.x0, t.b * x + t.a * y + t.y0];
}

describe('cropMove', () => {
  it('CM3 says where a place of the frame lay in the crop before', () => {
    const [a, b, shiftX, shiftY] = cropMove(NOW, BEFORE);
    for (const [u, v] of [
      [0, 0],
      [191, 30],
      [95.5, 160],
    ] as const) {
      const [x, y] = [(u - 95.5) / 192, (v - 95.5) / 192];
      const moved = [a * x - b * y + shiftX, b * x + a * y + shiftY].map((value) => 192 * value + 95.5);
      const [wantedU, wantedV] = through(NOW, BEFORE, u, v);
      expect(moved[0]).toBeCloseTo(wantedU, 6);
      expect(moved[1]).toBeCloseTo(wantedV, 6);
    }
  });

  it('CM3 is no move for the same crop', () => {
    const still = cropMove(NOW, NOW);
    for (const [i, value] of [1, 0, 0, 0].entries()) expect(still[i]).toBeCloseTo(value, 12);
  });
});
