import { at } from '../../src/face/at';
import type { FaceModel } from '../../src/face/face-model';
import { createLandmarkModel } from '../../src/face/landmark-model';
import { followCamera } from '../../src/face/projection';
import type { Coefficients, CropCamera, FaceData, FaceMask, Seconds } from '../../src/face/types';
import { createOneEuro, createVectorOneEuro, type OneEuroSettings } from '../../src/smoothing/one-euro';
import { createRotationOneEuro } from '../../src/smoothing/rotation';
import type { SmoothingSettings } from '../../src/smoothing/settings';
import { createFacesSmoother } from '../../src/smoothing/smooth-faces';
import {
  createSmoothingLandmarks,
  type PersonLandmarks,
  type SmoothingLandmarks,
} from '../../src/smoothing/smoothing-landmarks';
import { smoothTwoSided } from '../../src/smoothing/two-sided';
import type { RecordedFace, Recording } from './recording';

/** One filter run over a recording: the faces of every frame. */
export interface Run {
  readonly name: string;
  readonly frames: readonly (readonly FaceData[])[];
}

/** Landmarks on the mesh: without a landmark shift, as in the rendered ground truth. */
export function landmarksOf(model: FaceModel): SmoothingLandmarks {
  return createSmoothingLandmarks(createLandmarkModel(model));
}

/** Masks are not recorded. */
const NONE = new Uint8Array(1);
const NO_MASK: FaceMask = { width: 1, height: 1, extent: 1, occluder: NONE, skin: NONE, own: NONE };

function faceOf(recorded: RecordedFace, points: PersonLandmarks): FaceData {
  const { id, state, presence, pose, camera, crop, visibility } = recorded;
  const coefficients: Coefficients = {
    identity: Float32Array.from(recorded.identity),
    expression: Float32Array.from(recorded.expression),
    albedo: Float32Array.from(recorded.albedo),
    light: Float32Array.from(recorded.light),
  };
  return {
    ...{ id, state, presence, pose, camera, crop, visibility, coefficients, mask: NO_MASK },
    ...points.landmarks(coefficients, camera),
  };
}

/** The network's output without a filter. */
export function unfiltered({ frames }: Recording, landmarks: SmoothingLandmarks): Run {
  const points = landmarks.newPerson();
  return { name: 'unfiltered', frames: frames.map(({ faces }) => faces.map((face) => faceOf(face, points))) };
}

/** The tracker's output: Peekaboo's own filters. */
export function peekaboo(
  { frames }: Recording,
  raw: Run,
  landmarks: SmoothingLandmarks,
  smoothing?: SmoothingSettings,
): Run {
  const smoother = createFacesSmoother({ landmarks, ...(smoothing ? { smoothing } : {}) });
  return {
    name: 'Peekaboo',
    frames: raw.frames.map((faces, i) => smoother.smoothFaces(faces, frames[i]?.time ?? i)),
  };
}

/** The smoother of whole files: it knows what follows. */
export function twoSided({ frames }: Recording, raw: Run, landmarks: SmoothingLandmarks): Run {
  const tracks = new Map<number, { times: Seconds[]; faces: FaceData[]; at: number[] }>();
  raw.frames.forEach((faces, i) => {
    for (const face of faces) {
      const track = tracks.get(face.id) ?? { times: [], faces: [], at: [] };
      tracks.set(face.id, track);
      track.times.push(frames[i]?.time ?? i);
      track.faces.push(face);
      track.at.push(i);
    }
  });
  const out: FaceData[][] = raw.frames.map(() => []);
  for (const track of tracks.values()) {
    const points = landmarks.newPerson();
    smoothTwoSided(track, { landmarks }).forEach((face, k) => {
      out[track.at[k] ?? 0]?.push({ ...face, mask: NO_MASK, ...points.landmarks(face.coefficients, face.camera) });
    });
  }
  return { name: 'whole file', frames: out };
}

/** Settings of a plain One Euro filter for each kind of value. */
export interface PlainRates {
  /** Millimetres at the face. */
  readonly centre: OneEuroSettings;
  readonly scale: OneEuroSettings;
  /** Radians. */
  readonly rotation: OneEuroSettings;
  readonly expression: OneEuroSettings;
  readonly identity: OneEuroSettings;
}

/** One Euro on camera, expression and identity, as it is commonly used, without visibility. */
export function plainOneEuro({ frames }: Recording, raw: Run, landmarks: SmoothingLandmarks, rates: PlainRates): Run {
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

function plainFilter(rates: PlainRates, landmarks: SmoothingLandmarks) {
  const centre = createVectorOneEuro(2, rates.centre);
  const scale = createOneEuro(rates.scale);
  const rotation = createRotationOneEuro(rates.rotation);
  const expression = createVectorOneEuro(52, rates.expression);
  const identity = createVectorOneEuro(80, rates.identity);
  const points = landmarks.newPerson();
  let unit: number | undefined;
  return (face: FaceData, time: Seconds): FaceData => {
    unit ??= face.camera.scale;
    const [x, y] = face.camera.centre;
    const millimetres = centre.step([x / unit, y / unit], time);
    const camera: CropCamera = {
      ...face.camera,
      centre: [at(millimetres, 0) * unit, at(millimetres, 1) * unit],
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
      ...points.landmarks(coefficients, camera),
      camera,
      coefficients,
      pose: followCamera(face.pose, face.camera, camera),
    };
  };
}
