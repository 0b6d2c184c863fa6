import { float32At } from './at';
import { between, conjugate, multiply, toMatrix } from './rotation';
import type { CropCamera, Pose, Vector3 } from './types';

/** Vertical field of view that poses assume by default, degrees. */
export const DEFAULT_FOV = 63;

/** A pinhole camera of a frame: focal length and principal point in pixels. */
export interface Lens {
  readonly focal: number;
  readonly centreX: number;
  readonly centreY: number;
}

/**
 * Project model points (n × 3, mm) with the crop's camera: n × (x, y) in frame pixels, and with `depth` n × (x, y, z),
 * z growing away from the viewer, 0 at the origin, in pixels too.
 */
export function projectPoints(
  camera: CropCamera,
  origin: Vector3,
  points: Float32Array,
  out: Float32Array,
  depth = false,
): Float32Array {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = toMatrix(camera.rotation);
  const [ox, oy, oz] = origin;
  const [cx, cy] = camera.centre;
  const { scale, distance } = camera;
  const stride = depth ? 3 : 2;
  for (let i = 0, o = 0; i < points.length; i += 3, o += stride) {
    const x = float32At(points, i) - ox;
    const y = float32At(points, i + 1) - oy;
    const z = float32At(points, i + 2) - oz;
    const pz = m20 * x + m21 * y + m22 * z;
    const k = (scale * distance) / (distance - pz);
    out[o] = cx + k * (m00 * x + m01 * y + m02 * z);
    out[o + 1] = cy - k * (m10 * x + m11 * y + m12 * z);
    if (depth) out[o + 2] = -scale * pz;
  }
  return out;
}

/** The lens of a frame whose field of view is `verticalFov` radians from top to bottom. */
export function lensOfFrame(width: number, height: number, verticalFov: number): Lens {
  return {
    focal: height / 2 / Math.tan(verticalFov / 2),
    centreX: (width - 1) / 2,
    centreY: (height - 1) / 2,
  };
}

/**
 * The crop camera's pose in the frame's camera. The optical axis of the crop's camera passes through the origin, so its
 * rotation is multiplied by the shortest rotation of the frame's optical axis onto the origin's viewing ray.
 */
export function poseInFrame(camera: CropCamera, lens: Lens): Pose {
  const depth = lens.focal / camera.scale;
  const x = (camera.centre[0] - lens.centreX) / lens.focal;
  const y = -(camera.centre[1] - lens.centreY) / lens.focal;
  return {
    rotation: multiply(rayTurn(x, y), camera.rotation),
    translation: [x * depth, y * depth, -depth],
  };
}

/** The pose of a face after its camera changed from `from` to the nearby `to`: rotated and translated accordingly. */
export function followCamera(pose: Pose, from: CropCamera, to: CropCamera): Pose {
  const [x, y, z] = pose.translation;
  const focal = -z * from.scale;
  const depth = (-z * from.scale) / to.scale;
  return {
    rotation: multiply(multiply(pose.rotation, conjugate(from.rotation)), to.rotation),
    translation: [
      (x / -z + (to.centre[0] - from.centre[0]) / focal) * depth,
      (y / -z - (to.centre[1] - from.centre[1]) / focal) * depth,
      -depth,
    ],
  };
}

/** The rotation of the optical axis onto the ray through (x, y) at depth 1 (y up). */
function rayTurn(x: number, y: number) {
  const length = Math.hypot(x, y, 1);
  return between([0, 0, -1], [x / length, y / length, -1 / length]);
}
