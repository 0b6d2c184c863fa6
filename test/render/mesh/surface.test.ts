import { describe, expect, it } from 'vitest';
import { parseFaceModel } from '../../../src/face/face-model';
import { coverWeights } from '../../../src/render/mesh/face-cover';
import { outerBorder } from '../../../src/render/mesh/surface-distance';
import { spread, wireCorners } from '../../../src/render/mesh/wire-corners';
import { tinyFaceModel } from '../../face/tiny-face-model';

const model = parseFaceModel(tinyFaceModel());

describe('surface', () => {
  it('R7 finds the border where the mesh ends', () => {
    // A sheet of 9 × 11 vertices.
    expect(outerBorder(model).size).toBe(2 * 9 + 2 * 11 - 4);
  });

  it('R7 fades to nothing at the border, and stays between 0 and 1', () => {
    const cover = coverWeights(model, true);
    for (const vertex of outerBorder(model)) {
      if ((model.part[vertex] ?? 0) <= 1) expect(cover[vertex]).toBe(0);
    }
    expect(Math.min(...cover)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...cover)).toBeLessThanOrEqual(1);
  });

  it('R8 hides the diagonals of quads and draws their sides', () => {
    const { corners, vertices } = wireCorners(model);
    expect(vertices).toEqual(Uint16Array.from(model.triangles));
    for (let triangle = 0; triangle < model.triangleCount; triangle++) {
      const distances = [0, 1, 2].map((edge) =>
        Math.min(...[0, 1, 2].map((corner) => corners[9 * triangle + 3 * corner + edge] ?? 0)),
      );
      // Hidden edges are nowhere nearer than 1, drawn ones are touched by two corners.
      expect(distances.filter((distance) => distance === 1).length).toBeLessThanOrEqual(1);
      expect(distances.filter((distance) => distance === 0).length).toBeGreaterThanOrEqual(2);
    }
    expect([...corners].filter((value) => value === 2).length).toBeGreaterThan(0.8 * model.triangleCount);
  });

  it('R8 copies a vertex’s numbers to its corners', () => {
    expect([...spread(new Float32Array([1, 2, 3, 4]), 2, new Uint16Array([1, 0, 1]), new Float32Array(6))]).toEqual([
      3, 4, 1, 2, 3, 4,
    ]);
  });
});
