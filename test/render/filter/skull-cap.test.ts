import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFaceModel } from '../../../src/face/face-model';
import { SkullCap } from '../../../src/render/filter/skull-cap';
import { borderEdges, outerBorder } from '../../../src/render/mesh/surface-distance';

const bytes = readFileSync('public/models/peekaboo/face-model.bin');
const model = parseFaceModel(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

describe('SkullCap', () => {
  const cap = new SkullCap(model);
  const points = cap.write(model.mean, new Float32Array(3 * cap.vertexCount));

  it('CM8 closes the head behind: no long border is left', () => {
    const all = Uint16Array.from([...model.triangles, ...cap.triangles]);
    const outer = outerBorder(model);
    expect(outer.size).toBeGreaterThan(20);
    // The last ring is one point, drawn as many: its edges lie there and enclose nothing.
    const open = borderEdges(all).filter(([a, b]) => {
      const gap = Math.hypot(...[0, 1, 2].map((k) => (points[3 * a + k] ?? 0) - (points[3 * b + k] ?? 0)));
      return gap > 0.01 && [a, b].some((vertex) => outer.has(vertex) || vertex >= model.vertexCount);
    });
    expect(open).toEqual([]);
  });

  it('CM8 keeps the fitted vertices and stays between them seen from the front', () => {
    expect(points.subarray(0, model.mean.length)).toEqual(model.mean);
    const span = (values: Float32Array, axis: number) => {
      const own = values.filter((_, i) => i % 3 === axis);
      return [Math.min(...own), Math.max(...own)] as const;
    };
    const added = points.subarray(model.mean.length);
    for (const axis of [0, 1]) {
      expect(span(added, axis)[0]).toBeGreaterThanOrEqual(span(model.mean, axis)[0] - 1e-3);
      expect(span(added, axis)[1]).toBeLessThanOrEqual(span(model.mean, axis)[1] + 1e-3);
    }
    expect(span(added, 2)[0]).toBeLessThan(-55);
  });
});
