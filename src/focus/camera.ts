import { at } from '../face/at';
import { CROP_CENTRE, CROP_SIZE, cropToFrame } from '../face/crop-transform';
import { DEFAULT_FOV, lensOfFrame, poseInFrame } from '../face/projection';
import { aboutZ, fromMatrix, multiply } from '../face/rotation';
import type { Crop, CropCamera, Pose, Quaternion } from '../face/types';
import type { Manifest } from './manifest';

/** Default vertical field of view, radians. */
export const VERTICAL_FOV = (DEFAULT_FOV * Math.PI) / 180;

/** Gram-Schmidt on the first two columns of the identity matrix plus `values`; the results are the columns of the rotation. */
export function rotationFrom6d(values: ArrayLike<number>): Quaternion {
  const a = [1 + at(values, 0), at(values, 1), at(values, 2)] as const;
  const lengthA = Math.hypot(...a);
  const [x1, y1, z1] = [a[0] / lengthA, a[1] / lengthA, a[2] / lengthA];
  const dot = x1 * at(values, 3) + y1 * (1 + at(values, 4)) + z1 * at(values, 5);
  const b = [at(values, 3) - dot * x1, 1 + at(values, 4) - dot * y1, at(values, 5) - dot * z1] as const;
  const lengthB = Math.hypot(...b);
  const [x2, y2, z2] = [b[0] / lengthB, b[1] / lengthB, b[2] / lengthB];
  const [x3, y3, z3] = [y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2];
  return fromMatrix([x1, x2, x3, y1, y2, y3, z1, z2, z3]);
}

/** The crop's camera in frame pixels, from the network's nine pose values. */
export function cropCamera(pose9: ArrayLike<number>, crop: Crop, convention: Manifest['pose']): CropCamera {
  const u = CROP_CENTRE + convention.halfCrop * at(pose9, 6);
  const v = CROP_CENTRE + convention.halfCrop * at(pose9, 7);
  const { a, b, x0, y0 } = cropToFrame(crop);
  return {
    rotation: multiply(aboutZ(-crop.angle), rotationFrom6d(pose9)),
    centre: [x0 + a * u - b * v, y0 + b * u + a * v],
    scale: (convention.baseScale * Math.exp(at(pose9, 8)) * crop.side) / CROP_SIZE,
    distance: convention.distance,
  };
}

/** The pose in the camera of a frame of width × height pixels; `verticalFov` in radians. */
export function uncrop(camera: CropCamera, width: number, height: number, verticalFov = VERTICAL_FOV): Pose {
  return poseInFrame(camera, lensOfFrame(width, height, verticalFov));
}
