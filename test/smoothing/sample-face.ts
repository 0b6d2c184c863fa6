import type { Shape } from '../../src/face/landmark-model';
import { lensOfFrame, poseInFrame } from '../../src/face/projection';
import { exponential } from '../../src/face/rotation';
import {
  type Coefficients,
  type CropCamera,
  type FaceData,
  REGIONS,
  type Region,
  type Vector3,
} from '../../src/face/types';
import { FIT_POINTS } from '../../src/smoothing/fit-camera';
import type { SmoothingLandmarks } from '../../src/smoothing/smoothing-landmarks';

export interface Sample {
  readonly id?: number;
  readonly state?: FaceData['state'];
  readonly centre?: readonly [number, number];
  readonly scale?: number;
  readonly turn?: Vector3;
  readonly expression?: Float32Array;
  readonly identity?: Float32Array;
  readonly visible?: number;
  readonly occluder?: Uint8Array;
  readonly crop?: FaceData['crop'];
}

export const LENS = lensOfFrame(640, 480, 1.1);

/** Points that tell what they were made from: the first is the camera's centre, the second scale and jaw. */
export function tellingLandmarks({ expression, identity }: Shape, camera: CropCamera) {
  const landmarks68 = new Float32Array(136);
  landmarks68.set([...camera.centre, camera.scale, expression[17] as number, identity[0] as number]);
  return { landmarks68, landmarks478: new Float32Array(1434).fill(camera.scale) };
}

/** The same as a smoother's landmarks. */
export const sampleLandmarks: SmoothingLandmarks = {
  newPerson: () => ({
    landmarks: tellingLandmarks,
    fitPoints: (_, camera) => new Float32Array(3 * FIT_POINTS.length).fill(camera.scale),
  }),
};

export function sampleFace(sample: Sample = {}): FaceData {
  const camera: CropCamera = {
    rotation: exponential(sample.turn ?? [0, 0, 0]),
    centre: sample.centre ?? [320, 240],
    scale: sample.scale ?? 1.2,
    distance: 800,
  };
  const coefficients: Coefficients = {
    identity: sample.identity ?? new Float32Array(80),
    expression: sample.expression ?? new Float32Array(52),
    albedo: new Float32Array(10),
    light: new Float32Array(27),
  };
  return {
    id: sample.id ?? 1,
    state: sample.state ?? 'tracked',
    presence: 1,
    pose: poseInFrame(camera, LENS),
    camera,
    coefficients,
    ...tellingLandmarks(coefficients, camera),
    visibility: Object.fromEntries(REGIONS.map((name) => [name, sample.visible ?? 1])) as Record<Region, number>,
    mask: {
      width: 96,
      height: 96,
      extent: 1,
      occluder: sample.occluder ?? new Uint8Array(9216),
      skin: new Uint8Array(9216),
      own: new Uint8Array(9216),
    },
    crop: sample.crop ?? { centreX: 320, centreY: 240, side: 230, angle: 0 },
  };
}
