import type { FaceModel } from '../../src/face/face-model';
import { createPointSet, landmarks68Points, landmarks478Points } from '../../src/face/point-set';
import { followCamera, projectPoints } from '../../src/face/projection';
import type { Coefficients, CropCamera, FaceData, FaceMask, Seconds } from '../../src/face/types';
import { createOneEuro, createVectorOneEuro, type OneEuroSettings } from '../../src/smoothing/one-euro';
import { createRotationOneEuro } from '../../src/smoothing/rotation';
import type { SmoothingSettings } from '../../src/smoothing/settings';
import { createFacesSmoother } from '../../src/smoothing/smooth-faces';
import type { RecordedFace, Recording } from './recording';

/** One filter run over a recording: the faces of every frame. */
export interface Run {
  readonly name: string;
  readonly frames: readonly (readonly FaceData[])[];
}

export type Landmarks = (
  coefficients: Coefficients,
  camera: CropCamera,
) => Pick<FaceData, 'landmarks68' | 'landmarks478'>;

/** Points of coefficients under a camera, on the mesh: without a landmark shift, as the drawn truth has them. */
export function landmarksOf(model: FaceModel): Landmarks {
  const points = createPointSet(model, [landmarks68Points(model), landmarks478Points(model)]);
  const scratch = new Float32Array(points.count * 3);
  return ({ identity, expression }, camera) => {
    points.evaluate(identity, expression, scratch);
    return {
      landmarks68: projectPoints(camera, model.origin, scratch.subarray(0, 68 * 3), new Float32Array(68 * 2)),
      landmarks478: projectPoints(camera, model.origin, scratch.subarray(68 * 3), new Float32Array(478 * 3), true),
    };
  };
}

/** Masks are not recorded. */
const NO_MASK: FaceMask = { width: 1, height: 1, occluder: new Uint8Array(1), skin: new Uint8Array(1) };

function faceOf(recorded: RecordedFace, landmarks: Landmarks): FaceData {
  const { id, state, presence, pose, camera, crop, visibility } = recorded;
  const coefficients: Coefficients = {
    identity: Float32Array.from(recorded.identity),
    expression: Float32Array.from(recorded.expression),
    albedo: Float32Array.from(recorded.albedo),
    light: Float32Array.from(recorded.light),
  };
  return {
    ...{ id, state, presence, pose, camera, crop, visibility, coefficients, mask: NO_MASK },
    ...landmarks(coefficients, camera),
  };
}

/** As the network answered. */
export function unfiltered({ frames }: Recording, landmarks: Landmarks): Run {
  return { name: 'unfiltered', frames: frames.map(({ faces }) => faces.map((face) => faceOf(face, landmarks))) };
}

/** What the tracker gives away. */
export function peekaboo({ frames }: Recording, raw: Run, landmarks: Landmarks, smoothing?: SmoothingSettings): Run {
  const smoother = createFacesSmoother({ landmarks, ...(smoothing ? { smoothing } : {}) });
  return {
    name: 'Peekaboo',
    frames: raw.frames.map((faces, i) => smoother.step(faces, frames[i]?.time ?? i)),
  };
}

/** A plain One Euro filter's numbers for each kind of number. */
export interface PlainRates {
  /** Millimetres at the face. */
  readonly centre: OneEuroSettings;
  readonly scale: OneEuroSettings;
  /** Radians. */
  readonly rotation: OneEuroSettings;
  readonly expression: OneEuroSettings;
  readonly identity: OneEuroSettings;
}

/** One Euro on camera, expression and identity, as it is commonly used; it knows nothing of covers. */
export function plainOneEuro({ frames }: Recording, raw: Run, landmarks: Landmarks, rates: PlainRates): Run {
  const filters = new Map<number, ReturnType<typeof plainFilter>>();
  const filterOf = (face: FaceData) => {
    const known = filters.get(face.id) ?? plainFilter(rates, landmarks);
    filters.set(face.id, known);
    return known;
  };
  return {
    name: 'One Euro',
    frames: raw.frames.map((faces, i) => faces.map((face) => filterOf(face)(face, frames[i]?.time ?? i))),
  };
}

function plainFilter(rates: PlainRates, landmarks: Landmarks) {
  const centre = createVectorOneEuro(2, rates.centre);
  const scale = createOneEuro(rates.scale);
  const rotation = createRotationOneEuro(rates.rotation);
  const expression = createVectorOneEuro(52, rates.expression);
  const identity = createVectorOneEuro(80, rates.identity);
  let unit: number | undefined;
  return (face: FaceData, time: Seconds): FaceData => {
    unit ??= face.camera.scale;
    const [x, y] = face.camera.centre;
    const millimetres = centre.step([x / unit, y / unit], time);
    const camera: CropCamera = {
      ...face.camera,
      centre: [(millimetres[0] as number) * unit, (millimetres[1] as number) * unit],
      scale: Math.exp(scale.step(Math.log(face.camera.scale), time)),
      rotation: rotation.step(face.camera.rotation, time),
    };
    const coefficients: Coefficients = {
      ...face.coefficients,
      identity: Float32Array.from(identity.step(face.coefficients.identity, time)),
      expression: Float32Array.from(expression.step(face.coefficients.expression, time)),
    };
    return {
      ...face,
      ...landmarks(coefficients, camera),
      camera,
      coefficients,
      pose: followCamera(face.pose, face.camera, camera),
    };
  };
}
