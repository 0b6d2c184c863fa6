import type { LandmarkModel } from '../../src/face/landmark-model';
import { tellingLandmarks } from '../smoothing/sample-face';

/** Landmarks of `sampleFace`, without a face model. */
export const landmarks = {
  newEvaluator: () => ({ landmarks: tellingLandmarks }),
  select: (selected: readonly number[]) => ({
    newEvaluator: () => ({
      evaluate: (_shape: unknown, { scale }: { readonly scale: number }) =>
        new Float32Array(3 * selected.length).fill(scale),
    }),
  }),
} as unknown as LandmarkModel;
