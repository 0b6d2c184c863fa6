import { at } from '../face/at';
import { followCamera } from '../face/projection';
import { type Coefficients, type CropCamera, REGIONS, type Seconds } from '../face/types';
import { createCameraFit } from './fit-camera';
import { createPersonFilter } from './identity';
import { createLowPass } from './low-pass';
import { type SmoothingRates, smoothingRates } from './rates';
import { frontality, seenOf, seenShare } from './seen';
import { createCameraSmoother } from './smooth-camera';
import { createExpressionSmoother } from './smooth-expression';
import type { FaceSmootherSettings } from './smooth-face';
import type { PersonLandmarks } from './smoothing-landmarks';
import { createBlend, type Filtered, indices, type TrackedFace } from './two-sided-blend';

export type { TrackedFace } from './two-sided-blend';

/** One face over time: all frames in which it is listed, in order. */
export interface FaceTrack {
  /** Increasing. */
  readonly times: readonly Seconds[];
  /** As measured, of the same length. */
  readonly faces: readonly TrackedFace[];
}

/**
 * Smooths one face of a file with knowledge of what follows: the filters of the live smoother run forwards and backwards,
 * and their results are blended. Their lags are opposite, so that the result has none. Where something is covered, the
 * direction counts more that saw it more recently: values are interpolated from both sides. Identity and albedo are
 * constant over the track. Masks are not changed.
 */
export function smoothTwoSided(track: FaceTrack, settings: FaceSmootherSettings): TrackedFace[] {
  const steps = smoothTwoSidedSteps(track, settings);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Work that can be interrupted: it stops after each frame and each pass. */
type Steps<T> = Generator<void, T, void>;

/** As `smoothTwoSided`, in steps of at most some milliseconds; a long file takes many seconds. */
export function* smoothTwoSidedSteps(
  { times, faces }: FaceTrack,
  { landmarks, smoothing }: FaceSmootherSettings,
): Steps<TrackedFace[]> {
  const rates = smoothingRates(smoothing);
  const last = faces.findLastIndex(({ state }) => state !== 'held');
  const person = personOf({ times, faces }, rates);
  const fitted = yield* fitCameras(faces, person, landmarks.newPerson(), landmarks.newPerson());
  const track: Direction = { times, faces, fitted, rates };
  const forwards = yield* runFilters(track, indices(faces.length));
  // What a held face is extrapolated to at the end of its track is no measurement to start from.
  const reversed = { ...track, times: times.map((time) => -time) };
  const backwards = yield* runFilters(reversed, indices(last + 1).reverse());
  const blend = createBlend(times, faces);
  return faces.map((face, i) => {
    const result = blend(i, forwards[i], backwards[i]);
    const camera = result.camera ?? face.camera;
    const coefficients = { ...person, expression: result.expression, light: result.light };
    return {
      ...face,
      camera,
      pose: followCamera(face.pose, face.camera, camera),
      coefficients,
      visibility: result.visibility,
    };
  });
}

type Person = Omit<Coefficients, 'expression' | 'light'>;

/** Frames of which more than this share is hidden do not count for identity and albedo. */
const BLIND = 0.2;

/** The mean over all good frames. */
function personOf({ times, faces }: FaceTrack, rates: SmoothingRates): Person {
  const always = { sure: Number.POSITIVE_INFINITY, follow: Number.POSITIVE_INFINITY };
  const identity = createPersonFilter(80, always);
  const albedo = createPersonFilter(10, { ...always, sure: Math.max(rates.albedo.sure, 1e6) });
  let person: Person | undefined;
  faces.forEach((face, i) => {
    const seen = face.state === 'held' ? 0 : seenOf(face.visibility);
    const good = Math.max(0, 1 - (1 - seen) / BLIND) * frontality(face);
    const time = at(times, i);
    person = {
      identity: identity.step(face.coefficients.identity, time, good),
      albedo: albedo.step(face.coefficients.albedo, time, good),
    };
  });
  if (!person) throw new RangeError('a track without frames');
  return person;
}

/** The cameras under which the person's own head covers the heads that the network saw, see `createFaceSmoother`. */
function* fitCameras(
  faces: readonly TrackedFace[],
  person: Person,
  own: PersonLandmarks,
  seen: PersonLandmarks,
): Steps<CropCamera[]> {
  const fitCamera = createCameraFit();
  const weights = new Float64Array(REGIONS.length);
  const fitOwnHead = ({ state, camera, coefficients, visibility }: TrackedFace) => {
    if (state === 'held') return camera;
    const { expression } = coefficients;
    for (let i = 0; i < REGIONS.length; i++) weights[i] = seenShare(visibility[at(REGIONS, i)]) ** 2;
    const drawn = own.fitPoints({ ...person, expression }, camera);
    return fitCamera(camera, drawn, seen.landmarks(coefficients, camera).landmarks478, weights);
  };
  const cameras: CropCamera[] = [];
  for (const face of faces) {
    cameras.push(fitOwnHead(face));
    yield;
  }
  return cameras;
}

interface Direction extends FaceTrack {
  readonly fitted: readonly CropCamera[];
  readonly rates: SmoothingRates;
}

/** Runs the filters over the frames in the given order, in which times increase. The results are by index. */
function* runFilters({ times, faces, fitted, rates }: Direction, order: readonly number[]): Steps<Filtered[]> {
  const camera = createCameraSmoother(rates);
  const expression = createExpressionSmoother(rates.expression, { relax: false });
  const light = createLowPass(27, rates.light);
  const visibility = createLowPass(REGIONS.length, rates.visibility);
  const results: Filtered[] = [];
  for (const i of order) {
    const face = at(faces, i);
    const time = at(times, i);
    const measured = face.state !== 'held';
    const seen = measured ? seenOf(face.visibility) : 0;
    results[i] = {
      camera: camera.step(at(fitted, i), time, { visibility: face.visibility, measured }),
      expression: expression.step(face.coefficients.expression, face.visibility, time, measured),
      light: light.step(face.coefficients.light, time, seen ** 2),
      visibility: visibility.step(
        REGIONS.map((region) => face.visibility[region]),
        time,
      ),
    };
    yield;
  }
  return results;
}
