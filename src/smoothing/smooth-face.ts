import { nameExpression } from '../face/expression';
import { followCamera } from '../face/projection';
import { type Coefficients, type CropCamera, type Face, REGIONS, type Region, type Seconds } from '../face/types';
import { createLowPass, createRunningMean } from './low-pass';
import { createOneEuro, createVectorOneEuro } from './one-euro';
import { createRotationOneEuro } from './rotation';
import { DEFAULT_RATES, type ExpressionGroup, groupIndices, type SmoothingRates } from './settings';
import { createMaskSteadier } from './steady-mask';

export interface FaceSmootherSettings {
  /** The points of smoothed coefficients under a smoothed camera: the decoder's `landmarks`. */
  landmarks(coefficients: Coefficients, camera: CropCamera): Pick<Face, 'landmarks68' | 'landmarks478'>;
  /** Rates that differ from the default ones. */
  readonly rates?: Partial<SmoothingRates>;
}

export interface FaceSmoother {
  /** The face, calmed by the ones before; a face just found starts anew. Throws RangeError where time is not later. */
  step(face: Face, time: Seconds): Face;
  reset(): void;
}

interface Part<In, Out> {
  step(value: In, time: Seconds): Out;
  reset(): void;
}

/**
 * Smooth one face. Camera and coefficients are filtered, and everything else follows from them: the pose in the frame
 * and the points are computed anew, so that mesh, points and numbers always agree.
 */
export function createFaceSmoother(settings: FaceSmootherSettings): FaceSmoother {
  const rates = { ...DEFAULT_RATES, ...settings.rates };
  const camera = createCameraSmoother(rates);
  const coefficients = createCoefficientSmoother(rates);
  const visibility = createLowPass(REGIONS.length, rates.visibility);
  const mask = createMaskSteadier();
  const parts = [camera, coefficients, visibility, mask];
  const reset = () => {
    for (const part of parts) part.reset();
  };
  return {
    reset,
    step(face, time) {
      if (face.state === 'found') reset();
      const smoothCamera = camera.step(face.camera, time);
      const smoothCoefficients = coefficients.step(face, time);
      return {
        ...face,
        ...settings.landmarks(smoothCoefficients, smoothCamera),
        camera: smoothCamera,
        pose: followCamera(face.pose, face.camera, smoothCamera),
        coefficients: smoothCoefficients,
        expression: nameExpression(smoothCoefficients.expression),
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

function createCameraSmoother(rates: SmoothingRates): Part<CropCamera, CropCamera> {
  const centre = createVectorOneEuro(2, rates.centre);
  const scale = createOneEuro(rates.scale);
  const rotation = createRotationOneEuro(rates.rotation);
  /** Frame pixels per millimetre of the first look: makes the rates independent of the face's size. */
  let unit: number | undefined;
  return {
    step(camera, time) {
      unit ??= camera.scale;
      const [x, y] = camera.centre;
      const millimetres = centre.step([x / unit, y / unit], time);
      return {
        ...camera,
        centre: [(millimetres[0] as number) * unit, (millimetres[1] as number) * unit],
        scale: Math.exp(scale.step(Math.log(camera.scale), time)),
        rotation: rotation.step(camera.rotation, time),
      };
    },
    reset() {
      unit = undefined;
      for (const part of [centre, scale, rotation]) part.reset();
    },
  };
}

/** A person's own numbers are learnt from what can be seen: the less of the face is visible, the less a look counts. */
function createCoefficientSmoother(rates: SmoothingRates): Part<Face, Coefficients> {
  const identity = createRunningMean(80, rates.person);
  const albedo = createRunningMean(10, rates.person);
  const light = createLowPass(27, rates.light);
  const expression = createExpressionSmoother(rates);
  return {
    step({ coefficients, visibility }, time) {
      const seen = REGIONS.reduce((sum, region) => sum + visibility[region], 0) / REGIONS.length;
      return {
        identity: identity.step(coefficients.identity, time, seen),
        albedo: albedo.step(coefficients.albedo, time, seen),
        light: light.step(coefficients.light, time),
        expression: expression.step(coefficients.expression, time),
      };
    },
    reset() {
      for (const part of [identity, albedo, light, expression]) part.reset();
    },
  };
}

function createExpressionSmoother(rates: SmoothingRates): Part<Float32Array, Float32Array> {
  const groups = (Object.keys(rates.expression) as ExpressionGroup[]).map((group) => {
    const indices = groupIndices(group);
    return { indices, filter: createVectorOneEuro(indices.length, rates.expression[group]) };
  });
  return {
    step(values, time) {
      const smooth = new Float32Array(values.length);
      for (const { indices, filter } of groups) {
        const part = filter.step(
          indices.map((i) => values[i] as number),
          time,
        );
        indices.forEach((index, k) => {
          smooth[index] = part[k] as number;
        });
      }
      return smooth;
    },
    reset() {
      for (const { filter } of groups) filter.reset();
    },
  };
}

function nameRegions(values: Float32Array): Record<Region, number> {
  return Object.fromEntries(REGIONS.map((name, i) => [name, values[i]])) as Record<Region, number>;
}
