import { float32At } from '../face/at';
import type { FaceModel } from '../face/face-model';
import { createLandmarkShifter, type LandmarkShift } from '../face/landmark-shift';
import { createPointSet, landmarks68Points, landmarks478Points, vertexPoints } from '../face/point-set';
import { lensOfFrame, projectPoints } from '../face/projection';
import type { Coefficients, Crop, CropCamera, FaceData } from '../face/types';
import { cropCamera, uncrop, VERTICAL_FOV } from './camera';
import type { Manifest } from './manifest';
import { readMask } from './mask';
import type { NetworkOutput } from './network-output';
import { refinePose } from './refine-pose';
import { chooseRegionSamples, regionVisibility } from './visibility';

/** A face of one look: no id and no state yet, those are the tracker's. */
export type DecodedFace = Omit<FaceData, 'id' | 'state'>;

export interface Landmarks {
  /** 68 × (x, y), frame pixels. */
  readonly landmarks68: Float32Array;
  /** 478 × (x, y, z), frame pixels. */
  readonly landmarks478: Float32Array;
}

export interface Decoder {
  /** The network's answer on `crop` of a frame of width × height pixels. Keeps nothing of `output`. */
  decode(output: NetworkOutput, crop: Crop, width: number, height: number): DecodedFace;
  /** Both sets of points of any coefficients, as drawn by `camera` and shifted to where MediaPipe's points lie. */
  landmarks(coefficients: Coefficients, camera: CropCamera): Landmarks;
}

/** Make a decoder; only the points that a face needs are evaluated, never the whole mesh. Without `shift` they stay on it. */
export function createDecoder(model: FaceModel, manifest: Manifest, shift?: LandmarkShift): Decoder {
  const shiftLandmarks = shift && createLandmarkShifter(shift);
  const samples = chooseRegionSamples(model);
  const points = createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]);
  const regions = createPointSet(model, [vertexPoints(samples.vertices)]);
  const scratch = new Float32Array(points.count * 3);
  const flat = scratch.subarray(0, 68 * 3);
  const deep = scratch.subarray(68 * 3);
  const regionPoints = new Float32Array(regions.count * 3);
  const surfacePoints = ({ identity, expression }: Coefficients, camera: CropCamera): Landmarks => {
    points.evaluate(identity, expression, scratch);
    return {
      landmarks68: projectPoints(camera, model.origin, flat, new Float32Array(68 * 2)),
      landmarks478: projectPoints(camera, model.origin, deep, new Float32Array(478 * 3), true),
    };
  };
  const shifted = (both: Landmarks, coefficients: Coefficients, camera: CropCamera): Landmarks => {
    shiftLandmarks?.(coefficients, camera, both.landmarks68, both.landmarks478);
    return both;
  };
  return {
    landmarks: (coefficients, camera) => shifted(surfacePoints(coefficients, camera), coefficients, camera),
    decode(output, crop, width, height) {
      const camera = cropCamera(output.pose, crop, manifest.pose);
      const coefficients = copyCoefficients(output);
      const mask = readMask(output.mask);
      const both = surfacePoints(coefficients, camera);
      regions.evaluate(coefficients.identity, coefficients.expression, regionPoints);
      const lens = lensOfFrame(width, height, VERTICAL_FOV);
      const pose = refinePose(uncrop(camera, width, height), flat, both.landmarks68, model.origin, lens);
      return {
        ...shifted(both, coefficients, camera),
        presence: float32At(output.presence, 0),
        pose,
        camera,
        coefficients,
        visibility: regionVisibility(mask, samples, regionPoints, camera, crop, model.origin),
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
