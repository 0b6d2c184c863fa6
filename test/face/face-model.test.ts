import { describe, expect, it } from 'vitest';
import { FaceModelError, modelAlbedo, modelVertices, parseFaceModel, vertexNormals } from '../../src/face/face-model';
import { decodeHalf } from '../../src/face/half';
import { createPointSet, landmarks68Points, landmarks478Points } from '../../src/face/point-set';
import { encodeHalf, seededVector, type TinyArray, tinyFaceModel } from './tiny-face-model';

type Change = (arrays: Record<string, TinyArray>, header: Record<string, unknown>) => void;

describe('face model file', () => {
  it('M1 reads a file of version 1', () => {
    const model = parseFaceModel(tinyFaceModel());
    expect(model.vertexCount).toBe(99);
    expect(model.triangleCount).toBe(160);
    expect(model.origin).toEqual([0, 2, 80]);
    expect(model.identityBasis).toHaveLength(80 * 99 * 3);
  });

  const faults: [string, Change, RegExp][] = [
    ['a missing array', (arrays) => delete arrays.mirror, /mirror: missing/],
    ['a wrong shape', (arrays) => ((arrays.uv as TinyArray).shape = [98, 2]), /uv: shape/],
    ['a wrong dtype', (arrays) => ((arrays.albedoMean as TinyArray).dtype = 'float32'), /albedoMean: dtype/],
    ['a vertex that is not there', (arrays) => ((arrays.triangles as TinyArray).data[5] = 99), /triangles: a vertex/],
    ['a part that is not there', (arrays) => ((arrays.part as TinyArray).data[5] = 8), /part/],
    ['a number that is none', (arrays) => ((arrays.mean as TinyArray).data[5] = Number.NaN), /mean: not finite/],
    ['another version', (_, header) => (header.version = 2), /version: 2/],
    ['other units', (_, header) => (header.units = 'cm'), /units/],
    ['another origin', (_, header) => (header.origin = [0, 1]), /origin/],
    [
      'another order of expressions',
      (_, header) => (header.expressionNames = [...(header.expressionNames as string[])].reverse()),
      /expressionNames/,
    ],
  ];
  it.each(faults)('M1 refuses %s', (_, change, reason) => {
    expect(() => parseFaceModel(tinyFaceModel(change))).toThrow(FaceModelError);
    expect(() => parseFaceModel(tinyFaceModel(change))).toThrow(reason);
  });

  it('M1 refuses another magic number, a truncated file and an empty one', () => {
    const other = tinyFaceModel();
    new Uint8Array(other)[0] = 88;
    expect(() => parseFaceModel(other)).toThrow(/magic/);
    expect(() => parseFaceModel(tinyFaceModel().slice(0, -16))).toThrow(/mirror/);
    expect(() => parseFaceModel(new ArrayBuffer(0))).toThrow(/magic/);
  });

  it('M2 decodes half floats exactly', () => {
    expect([...decodeHalf(Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000))]).toEqual([
      1,
      -2,
      Math.fround(0.333251953125),
      2 ** -24,
      65504,
      -0,
    ]);
    expect(decodeHalf(Uint16Array.of(0x7c00, 0x7e00))).toEqual(Float32Array.of(Number.POSITIVE_INFINITY, Number.NaN));
    const values = Float32Array.of(0.5, -3.25, 100);
    expect(decodeHalf(encodeHalf(values))).toEqual(values);
  });
});

describe('face model arithmetic', () => {
  const model = parseFaceModel(tinyFaceModel());
  const identity = seededVector(11, 80);
  const expression = seededVector(12, 52, 0.5, 0.5);
  const vertices = modelVertices(model, identity, expression, new Float32Array(99 * 3));

  it('M3 adds both bases to the mean', () => {
    const i = 3 * 40 + 1;
    let wanted = model.mean[i] as number;
    for (let k = 0; k < 80; k++) wanted += (identity[k] as number) * (model.identityBasis[k * 297 + i] as number);
    for (let k = 0; k < 52; k++) wanted += (expression[k] as number) * (model.expressionBasis[k * 297 + i] as number);
    expect(vertices[i]).toBeCloseTo(wanted, 3);
  });

  it('M3 normals have unit length and point outwards', () => {
    const normals = vertexNormals(model, model.mean, new Float32Array(99 * 3));
    for (let i = 0; i < normals.length; i += 3) {
      expect(Math.hypot(...normals.subarray(i, i + 3))).toBeCloseTo(1, 5);
      expect(normals[i + 2]).toBeGreaterThan(0);
    }
  });

  it('M3 albedo is the mean times an exponential', () => {
    const none = modelAlbedo(model, new Float32Array(10), new Float32Array(99 * 3));
    expect(none).toEqual(model.albedoMean);
    const some = modelAlbedo(model, Float32Array.of(0, 2), new Float32Array(99 * 3));
    const factor = Math.exp(2 * (model.albedoBasis[297 + 10] as number));
    expect(some[10]).toBeCloseTo((model.albedoMean[10] as number) * factor, 5);
  });

  it('M4 a point set equals the same points of the whole mesh', () => {
    const set = createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]);
    const points = set.evaluate(identity, expression, new Float32Array(set.count * 3));
    expect(set.count).toBe(546);
    model.landmarks68.forEach((vertex, i) => {
      for (let axis = 0; axis < 3; axis++) {
        expect(points[3 * i + axis]).toBeCloseTo(vertices[3 * vertex + axis] as number, 3);
      }
    });
    for (let i = 0; i < 478 * 3; i++) {
      const corners = [0, 1, 2].map((k) => 3 * Math.floor(i / 3) + k);
      const wanted = corners.reduce((sum, corner) => {
        const vertex = model.mediapipeTriangles[corner] as number;
        return sum + (model.mediapipeBarycentric[corner] as number) * (vertices[3 * vertex + (i % 3)] as number);
      }, model.mediapipeOffset[i] as number);
      expect(points[68 * 3 + i]).toBeCloseTo(wanted, 3);
    }
  });
});
