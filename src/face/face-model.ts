import { type FaceModelArrays, readFaceModelFile } from './face-model-file';
import type { Vector3 } from './types';

export { FaceModelError, PART_NAMES } from './face-model-file';

/**
 * A linear face: vertices = mean + identity · identityBasis + expression · expressionBasis, in millimetres,
 * x to the subject's left, y up, z to the viewer. Arrays are flat, in the file's shapes.
 */
export interface FaceModel extends FaceModelArrays {
  readonly vertexCount: number;
  readonly triangleCount: number;
  /** Subtracted from the vertices before the pose, mm. */
  readonly origin: Vector3;
}

/** Read face-model.bin; throws FaceModelError with the reason. */
export function parseFaceModel(bytes: ArrayBuffer): FaceModel {
  const { arrays, origin } = readFaceModelFile(bytes);
  return { ...arrays, origin, vertexCount: arrays.mean.length / 3, triangleCount: arrays.triangles.length / 3 };
}

/** Vertices (V × 3, mm, model coordinates) of identity (standard deviations) and expression (0 to 1), into `out`. */
export function modelVertices(
  model: FaceModel,
  identity: Float32Array,
  expression: Float32Array,
  out: Float32Array,
): Float32Array {
  out.set(model.mean);
  addBasis(model.identityBasis, identity, out);
  addBasis(model.expressionBasis, expression, out);
  return out;
}

/** out += Σ coefficients[k] · basis[k]; a basis row is as long as `out`. */
export function addBasis(basis: Float32Array, coefficients: Float32Array, out: Float32Array): void {
  const length = out.length;
  let k = 0;
  // Four rows at a time: reading and writing `out` takes as long as a row does.
  for (; k + 4 <= coefficients.length; k += 4) addRows(basis, k * length, coefficients.subarray(k, k + 4), out);
  for (; k < coefficients.length; k++) {
    const weight = coefficients[k] as number;
    const start = k * length;
    for (let i = 0; i < length; i++) out[i] = (out[i] as number) + weight * (basis[start + i] as number);
  }
}

function addRows(basis: Float32Array, start: number, weights: Float32Array, out: Float32Array): void {
  const [a, b, c, d] = weights as unknown as [number, number, number, number];
  if (a === 0 && b === 0 && c === 0 && d === 0) return;
  const length = out.length;
  const [second, third, fourth] = [start + length, start + 2 * length, start + 3 * length];
  for (let i = 0; i < length; i++) {
    out[i] =
      (out[i] as number) +
      a * (basis[start + i] as number) +
      b * (basis[second + i] as number) +
      c * (basis[third + i] as number) +
      d * (basis[fourth + i] as number);
  }
}

/** Unit normals (V × 3) of `vertices` (V × 3), weighted by the area of the triangles around, into `out`. */
export function vertexNormals(
  { triangles }: Pick<FaceModel, 'triangles'>,
  vertices: Float32Array,
  out: Float32Array,
): Float32Array {
  out.fill(0);
  for (let t = 0; t < triangles.length; t += 3) {
    addFaceNormal(
      vertices,
      3 * (triangles[t] as number),
      3 * (triangles[t + 1] as number),
      3 * (triangles[t + 2] as number),
      out,
    );
  }
  for (let i = 0; i < out.length; i += 3) normalise(out, i);
  return out;
}

function addFaceNormal(vertices: Float32Array, a: number, b: number, c: number, out: Float32Array): void {
  const ax = vertices[a] as number;
  const ay = vertices[a + 1] as number;
  const az = vertices[a + 2] as number;
  const ux = (vertices[b] as number) - ax;
  const uy = (vertices[b + 1] as number) - ay;
  const uz = (vertices[b + 2] as number) - az;
  const vx = (vertices[c] as number) - ax;
  const vy = (vertices[c + 1] as number) - ay;
  const vz = (vertices[c + 2] as number) - az;
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  add(out, a, nx, ny, nz);
  add(out, b, nx, ny, nz);
  add(out, c, nx, ny, nz);
}

function add(out: Float32Array, i: number, x: number, y: number, z: number): void {
  out[i] = (out[i] as number) + x;
  out[i + 1] = (out[i + 1] as number) + y;
  out[i + 2] = (out[i + 2] as number) + z;
}

function normalise(out: Float32Array, i: number): void {
  const x = out[i] as number;
  const y = out[i + 1] as number;
  const z = out[i + 2] as number;
  const scale = 1 / Math.max(Math.sqrt(x * x + y * y + z * z), 1e-12);
  out[i] = x * scale;
  out[i + 1] = y * scale;
  out[i + 2] = z * scale;
}

/** Linear RGB (V × 3) of `albedo` (standard deviations of the logarithm), into `out`. */
export function modelAlbedo(model: FaceModel, albedo: Float32Array, out: Float32Array): Float32Array {
  out.fill(0);
  addBasis(model.albedoBasis, albedo, out);
  for (let i = 0; i < out.length; i++) out[i] = (model.albedoMean[i] as number) * Math.exp(out[i] as number);
  return out;
}
