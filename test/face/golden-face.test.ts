import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelAlbedo, modelVertices, parseFaceModel, vertexNormals } from '../../src/face/face-model';
import { createPointSet, landmarks68Points, landmarks478Points } from '../../src/face/point-set';

interface Golden {
  file: string;
  sha256: string;
  tolerance: { mm: number; normal: number; albedo: number };
  identity: number[];
  expression: number[];
  albedo: number[];
  vertexIds: number[];
  positions: number[][];
  normals: number[][];
  albedos: number[][];
  landmarks68: number[][];
  landmarks478: number[][];
}

const root = resolve(import.meta.dirname, '../..');
const golden: Golden = JSON.parse(readFileSync(resolve(root, 'test/golden/face-model.json'), 'utf8'));
const file = readFileSync(resolve(root, golden.file));
const model = parseFaceModel(Uint8Array.from(file).buffer);
const identity = Float32Array.from(golden.identity);
const expression = Float32Array.from(golden.expression);
const newVertices = () => new Float32Array(model.vertexCount * 3);
const vertices = modelVertices(model, identity, expression, newVertices());

/** Largest difference between golden rows and rows of three numbers. */
function worst(found: Float32Array, rows: number[][], ids = Array.from(rows.keys())): number {
  const differences = rows.flatMap((row, i) =>
    row.map((value, k) => Math.abs(value - (found[3 * (ids[i] as number) + k] as number))),
  );
  return Math.max(...differences);
}

describe('golden face', () => {
  it('M3 the file is the one from which the golden values were made', () => {
    expect(createHash('sha256').update(file).digest('hex')).toBe(golden.sha256);
  });

  it('M3 vertices, normals and albedo are the golden ones', () => {
    expect(worst(vertices, golden.positions, golden.vertexIds)).toBeLessThan(golden.tolerance.mm);
    const normals = vertexNormals(model, vertices, newVertices());
    expect(worst(normals, golden.normals, golden.vertexIds)).toBeLessThan(golden.tolerance.normal);
    const albedo = modelAlbedo(model, Float32Array.from(golden.albedo), newVertices());
    expect(worst(albedo, golden.albedos, golden.vertexIds)).toBeLessThan(golden.tolerance.albedo);
  });

  it('M4 the 68 and the 478 points are the golden ones', () => {
    const set = createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]);
    const points = set.evaluate(identity, expression, new Float32Array(set.count * 3));
    expect(worst(points.subarray(0, 204), golden.landmarks68)).toBeLessThan(golden.tolerance.mm);
    expect(worst(points.subarray(204), golden.landmarks478)).toBeLessThan(golden.tolerance.mm);
  });

  it('M3 the golden values detect a mirrored face and a missing expression or identity', () => {
    const mirrored = vertices.map((value, i) => (i % 3 === 0 ? -value : value));
    const plain = modelVertices(model, identity, new Float32Array(52), newVertices());
    const average = modelVertices(model, new Float32Array(80), expression, newVertices());
    for (const wrong of [mirrored, plain, average]) {
      expect(worst(wrong, golden.positions, golden.vertexIds)).toBeGreaterThan(1);
    }
  });
});
