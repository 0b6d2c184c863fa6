import { float32At, uint16At } from './at';
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

/** Reads face-model.bin. Throws FaceModelError with the reason. */
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
  // Four rows at a time: reading and writing `out` takes as long as reading a row.
  for (; k + 4 <= coefficients.length; k += 4) addFourRows(basis, k * length, coefficients, k, out);
  for (; k < coefficients.length; k++) {
    const weight = float32At(coefficients, k);
    const start = k * length;
    for (let i = 0; i < length; i++) out[i] = float32At(out, i) + weight * float32At(basis, start + i);
  }
}

/** Adds the four rows of `basis` from index `start` on, weighted by the coefficients from `k` on. */
function addFourRows(
  basis: Float32Array,
  start: number,
  coefficients: Float32Array,
  k: number,
  out: Float32Array,
): void {
  const a = float32At(coefficients, k);
  const b = float32At(coefficients, k + 1);
  const c = float32At(coefficients, k + 2);
  const d = float32At(coefficients, k + 3);
  if (a === 0 && b === 0 && c === 0 && d === 0) return;
  const length = out.length;
  const [second, third, fourth] = [start + length, start + 2 * length, start + 3 * length];
  for (let i = 0; i < length; i++) {
    out[i] =
      float32At(out, i) +
      a * float32At(basis, start + i) +
      b * float32At(basis, second + i) +
      c * float32At(basis, third + i) +
      d * float32At(basis, fourth + i);
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
      3 * uint16At(triangles, t),
      3 * uint16At(triangles, t + 1),
      3 * uint16At(triangles, t + 2),
      out,
    );
  }
  for (let i = 0; i < out.length; i += 3) normalise(out, i);
  return out;
}

function addFaceNormal(vertices: Float32Array, a: number, b: number, c: number, out: Float32Array): void {
  const ax = float32At(vertices, a);
  const ay = float32At(vertices, a + 1);
  const az = float32At(vertices, a + 2);
  const ux = float32At(vertices, b) - ax;
  const uy = float32At(vertices, b + 1) - ay;
  const uz = float32At(vertices, b + 2) - az;
  const vx = float32At(vertices, c) - ax;
  const vy = float32At(vertices, c + 1) - ay;
  const vz = float32At(vertices, c + 2) - az;
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  add(out, a, nx, ny, nz);
  add(out, b, nx, ny, nz);
  add(out, c, nx, ny, nz);
}

function add(out: Float32Array, i: number, x: number, y: number, z: number): void {
  out[i] = float32At(out, i) + x;
  out[i + 1] = float32At(out, i + 1) + y;
  out[i + 2] = float32At(out, i + 2) + z;
}

function normalise(out: Float32Array, i: number): void {
  const x = float32At(out, i);
  const y = float32At(out, i + 1);
  const z = float32At(out, i + 2);
  const scale = 1 / Math.max(Math.sqrt(x * x + y * y + z * z), 1e-12);
  out[i] = x * scale;
  out[i + 1] = y * scale;
  out[i + 2] = z * scale;
}

/** Linear RGB (V × 3) of `albedo` (standard deviations of the logarithm), into `out`. */
export function modelAlbedo(model: FaceModel, albedo: Float32Array, out: Float32Array): Float32Array {
  out.fill(0);
  addBasis(model.albedoBasis, albedo, out);
  for (let i = 0; i < out.length; i++) out[i] = float32At(model.albedoMean, i) * Math.exp(float32At(out, i));
  return out;
}
