import { type FaceModel, modelVertices } from './face-model';
import { toMatrix } from './rotation';
import type { FaceData } from './types';

/**
 * The face's pose as a 4 × 4 matrix, column by column, in millimetres: from the model's axes (origin in the middle of the
 * head; x to the subject's left, y up, z to the viewer) to the camera of the frame (x right, y up, z to the viewer).
 * With `model`, the matrix is for points in model coordinates, as `modelVertices` returns them.
 */
export function facePose({ pose }: Pick<FaceData, 'pose'>, model?: Pick<FaceModel, 'origin'>): Float32Array {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = toMatrix(pose.rotation);
  const [ox, oy, oz] = model?.origin ?? [0, 0, 0];
  const [x, y, z] = pose.translation;
  return Float32Array.of(
    ...[m00, m10, m20, 0],
    ...[m01, m11, m21, 0],
    ...[m02, m12, m22, 0],
    x - (m00 * ox + m01 * oy + m02 * oz),
    y - (m10 * ox + m11 * oy + m12 * oz),
    z - (m20 * ox + m21 * oy + m22 * oz),
    1,
  );
}

/** Vertices of a face's mesh (V × 3, mm, model coordinates), into `out`. */
export function faceVertices(
  { coefficients }: Pick<FaceData, 'coefficients'>,
  model: FaceModel,
  out = new Float32Array(3 * model.vertexCount),
): Float32Array {
  return modelVertices(model, coefficients.identity, coefficients.expression, out);
}

/** Triangles of the mesh, three vertex indices each; counter-clockwise seen from outside. */
export function modelTriangles(model: FaceModel): FaceModel['triangles'] {
  return model.triangles;
}
