import { CANONICAL_POINTS } from './canonical-face';
import { fitTransform, type Point } from './fit-transform';
import type { Matrix, NormalizedLandmark } from './types';

/** Landmarks of MediaPipe's canonical face; the irises are not part of it. */
const FACE_LANDMARKS = 468;
/** MediaPipe's vertical field of view, degrees. */
const FIELD_OF_VIEW = 63;

const CANONICAL: readonly Point[] = CANONICAL_POINTS.map(([, , x, y, z]) => [x, y, z]);
const WEIGHTS = CANONICAL_POINTS.map(([, weight]) => weight);

/**
 * The pose of MediaPipe's canonical face, column by column, centimetres. It is computed from the landmarks as MediaPipe
 * does (face_geometry/libs/geometry_pipeline.cc): two fits give the scale that makes the landmarks metric, a third the pose.
 * Relative to the camera, a face beside the centre of the picture therefore is less rotated than `facePose` reports.
 */
export function transformationMatrix(
  landmarks: readonly NormalizedLandmark[],
  { width, height }: { readonly width: number; readonly height: number },
): Matrix {
  const high = 2 * Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
  const wide = (high * width) / height;
  const depth = landmarks.slice(0, FACE_LANDMARKS).reduce((sum, { z }) => sum + z, 0) * (wide / FACE_LANDMARKS);
  const points = CANONICAL_POINTS.map(([index]): Point => {
    const { x, y, z } = landmarks[index] ?? { x: 0, y: 0, z: 0 };
    return [(x - 0.5) * wide, (0.5 - y) * high, z * wide];
  });
  const first = fitted(points.map(([x, y, z]) => [x, y, -z])).scale;
  const second = fitted(unproject(points, depth, first)).scale;
  const { turn, shift } = fitted(unproject(points, depth, first * second));
  const columns = [0, 1, 2].map((column) => [0, 3, 6].map((row) => turn[row + column] ?? 0));
  return { rows: 4, columns: 4, data: [...columns.flatMap((column) => [...column, 0]), ...shift, 1] };
}

const fitted = (points: readonly Point[]) => fitTransform(CANONICAL, points, WEIGHTS);

/** Points of the plane at distance 1 at their distance for a scale, in the camera (x right, y up, z to the viewer). */
function unproject(points: readonly Point[], depth: number, scale: number): readonly Point[] {
  return points.map(([x, y, z]) => {
    const distance = (z - depth + 1) / scale;
    return [x * distance, y * distance, -distance];
  });
}
