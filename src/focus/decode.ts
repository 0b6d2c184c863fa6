import { float32At } from '../face/at';
import type { FaceModel } from '../face/face-model';
import { createLandmarkModel, type LandmarkModel, projectLandmarks } from '../face/landmark-model';
import type { LandmarkShift } from '../face/landmark-shift';
import { lensOfFrame } from '../face/projection';
import type { Coefficients, Crop, FaceData } from '../face/types';
import { cropCamera, uncrop, VERTICAL_FOV } from './camera';
import type { Manifest } from './manifest';
import { readMask } from './mask';
import type { NetworkOutput } from './network-output';
import { refinePose } from './refine-pose';
import { createRegionVisibility } from './visibility';

/** A face of one inference. The tracker adds id and state. */
export type DecodedFace = Omit<FaceData, 'id' | 'state'>;

export interface Decoder {
  /** The face in `output`, the network's result on `crop` of a frame of width × height pixels. Keeps nothing of `output`. */
  decode(output: NetworkOutput, crop: Crop, width: number, height: number): DecodedFace;
  readonly landmarkModel: LandmarkModel;
}

/**
 * Makes a decoder. It evaluates the points that a face needs, never the whole mesh. Without `shift` the landmarks stay on
 * the mesh. `verticalFov`: of the frame's camera, radians.
 */
export function createDecoder(
  model: FaceModel,
  manifest: Manifest,
  shift?: LandmarkShift,
  verticalFov = VERTICAL_FOV,
): Decoder {
  const landmarkModel = createLandmarkModel(model, shift);
  const { points, shiftLandmarks } = landmarkModel;
  const visibilityOf = createRegionVisibility(model);
  const scratch = new Float32Array(points.count * 3);
  const flat = scratch.subarray(0, 68 * 3);
  return {
    landmarkModel,
    decode(output, crop, width, height) {
      const camera = cropCamera(output.pose, crop, manifest.pose);
      const coefficients = copyCoefficients(output);
      const mask = readMask(output.mask);
      points.evaluate(coefficients.identity, coefficients.expression, scratch);
      const landmarks = projectLandmarks(scratch, model.origin, camera);
      const lens = lensOfFrame(width, height, verticalFov);
      // The shift is no part of the mesh: the pose is refined on the unshifted points.
      const pose = refinePose(
        uncrop(camera, width, height, verticalFov),
        flat,
        landmarks.landmarks68,
        model.origin,
        lens,
      );
      shiftLandmarks?.(coefficients, camera, landmarks.landmarks68, landmarks.landmarks478);
      return {
        ...landmarks,
        presence: float32At(output.presence, 0),
        pose,
        camera,
        coefficients,
        visibility: visibilityOf(mask, coefficients, camera, crop),
        mask,
        crop,
      };
    },
  };
}

function copyCoefficients(output: NetworkOutput): Coefficients {
  return {
    identity: output.identity.slice(),
    expression: output.expression.slice(),
    albedo: output.albedo.slice(),
    light: output.light.slice(),
  };
}
