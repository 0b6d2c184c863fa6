import { at, float32At } from '../face/at';
import { followCamera } from '../face/projection';
import { mapRegions } from '../face/regions';
import { type Coefficients, type FaceData, REGIONS, type Seconds } from '../face/types';
import { createCameraFit } from './fit-camera';
import { createPersonFilter } from './identity';
import { createLowPass } from './low-pass';
import { type SmoothingRates, smoothingRates } from './rates';
import { frontality, seenOf, seenShare } from './seen';
import type { SmoothingSettings } from './settings';
import { createCameraSmoother } from './smooth-camera';
import { createExpressionSmoother } from './smooth-expression';
import type { SmoothingLandmarks } from './smoothing-landmarks';
import { createMaskSteadier } from './steady-mask';

export interface FaceSmootherSettings {
  readonly landmarks: SmoothingLandmarks;
  /** Groups that are not balanced. */
  readonly smoothing?: Partial<SmoothingSettings>;
}

export interface FaceSmoother {
  /**
   * The face, smoothed with its previous frames; a face in state `found` resets the filters. Throws RangeError unless
   * `time` is later than the last one. The mask of the result is overwritten by the next step but one.
   */
  smoothFace(face: FaceData, time: Seconds): FaceData;
}

/**
 * Smooths one face. Camera and coefficients are filtered; pose and landmarks are computed from the results, so that mesh,
 * landmarks and numbers are consistent. Covered regions count less.
 */
export function createFaceSmoother({ landmarks, smoothing }: FaceSmootherSettings): FaceSmoother {
  const rates = smoothingRates(smoothing);
  const person = createPersonSmoother(rates);
  const camera = createCameraSmoother(rates);
  const expression = createExpressionSmoother(rates.expression);
  const visibility = createVisibilityFilter(rates.visibility);
  const mask = createMaskSteadier();
  const filters = [person, camera, expression, visibility, mask];
  const points = landmarks.newPerson();
  const fitCamera = createCameraFit();
  const weights = new Float64Array(REGIONS.length);

  /**
   * The camera under which the person's own head covers the head that the network saw with another shape: shape and
   * distance no longer trade places from frame to frame. Hidden regions have no weight.
   */
  const fitOwnHead = (face: FaceData, own: Omit<Coefficients, 'expression'>) => {
    const drawn = points.fitPoints({ ...own, expression: face.coefficients.expression }, face.camera);
    for (let i = 0; i < REGIONS.length; i++) weights[i] = seenShare(face.visibility[at(REGIONS, i)]) ** 2;
    return fitCamera(face.camera, drawn, face.landmarks478, weights);
  };

  return {
    smoothFace(face, time) {
      if (face.state === 'found') for (const filter of filters) filter.reset();
      const measured = face.state !== 'held';
      const own = person.step(face, time);
      const fitted = measured ? fitOwnHead(face, own) : face.camera;
      const smoothCamera = camera.step(fitted, time, { visibility: face.visibility, measured });
      const smoothExpression = expression.step(face.coefficients.expression, face.visibility, time, measured);
      const coefficients = { ...own, expression: smoothExpression };
      return {
        ...face,
        ...points.landmarks(coefficients, smoothCamera),
        camera: smoothCamera,
        pose: followCamera(face.pose, face.camera, smoothCamera),
        coefficients,
        visibility: visibility.step(face.visibility, time),
        mask: mask.step(face, time),
      };
    },
  };
}

function createVisibilityFilter(cutoff: number) {
  const filter = createLowPass(REGIONS.length, cutoff);
  const values = new Float64Array(REGIONS.length);
  return {
    step(visibility: FaceData['visibility'], time: Seconds): FaceData['visibility'] {
      for (let i = 0; i < REGIONS.length; i++) values[i] = visibility[at(REGIONS, i)];
      const smooth = filter.step(values, time);
      return mapRegions((_, i) => float32At(smooth, i));
    },
    reset: filter.reset,
  };
}

/** Faces of which more than this share is hidden do not update identity and albedo. */
const BLIND = 0.2;

/** Identity and albedo are learnt from good frames and then held; light follows slowly. */
function createPersonSmoother(rates: SmoothingRates) {
  const identity = createPersonFilter(80, rates.identity);
  const albedo = createPersonFilter(10, rates.albedo);
  const light = createLowPass(27, rates.light);
  return {
    step(face: FaceData, time: Seconds): Omit<Coefficients, 'expression'> {
      const { coefficients, visibility, state } = face;
      const seen = state === 'held' ? 0 : seenOf(visibility);
      const good = Math.max(0, 1 - (1 - seen) / BLIND) * frontality(face);
      return {
        identity: identity.step(coefficients.identity, time, good),
        albedo: albedo.step(coefficients.albedo, time, good),
        light: light.step(coefficients.light, time, seen ** 2),
      };
    },
    reset() {
      for (const part of [identity, albedo, light]) part.reset();
    },
  };
}
