import { followCamera } from '../face/projection';
import { type Coefficients, type CropCamera, type FaceData, REGIONS, type Region, type Seconds } from '../face/types';
import { fitCamera } from './fit-camera';
import { createPersonFilter } from './identity';
import { createLowPass } from './low-pass';
import { type SmoothingRates, smoothingRates } from './rates';
import { frontality, seenOf, seenShare } from './seen';
import type { SmoothingSettings } from './settings';
import { createCameraSmoother } from './smooth-camera';
import { createExpressionSmoother } from './smooth-expression';
import { createMaskSteadier } from './steady-mask';

export interface FaceSmootherSettings {
  /** The points of smoothed coefficients under a smoothed camera: the decoder's `landmarks`. */
  landmarks(coefficients: Coefficients, camera: CropCamera): Pick<FaceData, 'landmarks68' | 'landmarks478'>;
  /** Groups that are not balanced. */
  readonly smoothing?: Partial<SmoothingSettings>;
}

export interface FaceSmoother {
  /** The face, calmed by the ones before; a face just found starts anew. Throws RangeError where time is not later. */
  step(face: FaceData, time: Seconds): FaceData;
  reset(): void;
}

/**
 * Smooth one face. Camera and coefficients are filtered, and everything else follows from them: the pose in the frame and
 * the points are computed anew, so that mesh, points and numbers always belong together. What a cover hides is believed the
 * less.
 */
export function createFaceSmoother(settings: FaceSmootherSettings): FaceSmoother {
  const rates = smoothingRates(settings.smoothing);
  const person = createPersonSmoother(rates);
  const camera = createCameraSmoother(rates);
  const expression = createExpressionSmoother(rates.expression);
  const visibility = createLowPass(REGIONS.length, rates.visibility);
  const mask = createMaskSteadier();
  const parts = [person, camera, expression, visibility, mask];
  const reset = () => {
    for (const part of parts) part.reset();
  };
  return {
    reset,
    step(face, time) {
      if (face.state === 'found') reset();
      const measured = face.state !== 'held';
      const own = person.step(face, time);
      const steady = { ...own, expression: face.coefficients.expression };
      const fitted = measured ? fitOwnHead(face, steady, settings) : face.camera;
      const smoothCamera = camera.step(fitted, time, { visibility: face.visibility, measured });
      const smoothExpression = expression.step(face.coefficients.expression, face.visibility, time, measured);
      const coefficients = { ...own, expression: smoothExpression };
      return {
        ...face,
        ...settings.landmarks(coefficients, smoothCamera),
        camera: smoothCamera,
        pose: followCamera(face.pose, face.camera, smoothCamera),
        coefficients,
        visibility: nameRegions(
          visibility.step(
            REGIONS.map((region) => face.visibility[region]),
            time,
          ),
        ),
        mask: mask.step(face, time),
      };
    },
  };
}

/**
 * The camera under which the person's own head comes to lie where the network saw one of another shape: shape and distance
 * no longer trade places from frame to frame. What is hidden has no say.
 */
function fitOwnHead(face: FaceData, steady: Coefficients, { landmarks }: FaceSmootherSettings): CropCamera {
  const drawn = landmarks(steady, face.camera).landmarks478;
  const weights = nameRegions(REGIONS.map((region) => seenShare(face.visibility[region]) ** 2));
  return fitCamera(face.camera, drawn, face.landmarks478, weights);
}

/** A face of which this share is hidden teaches nothing about the person. */
const BLIND = 0.2;

/** What belongs to the person and the room: identity and albedo are learnt from good looks and held; light follows slowly. */
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

function nameRegions(values: ArrayLike<number>): Record<Region, number> {
  return Object.fromEntries(REGIONS.map((name, i) => [name, values[i]])) as Record<Region, number>;
}
