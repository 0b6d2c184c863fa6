import type { LandmarkEvaluator, LandmarkModel, Shape } from '../face/landmark-model';
import type { CropCamera } from '../face/types';
import { FIT_POINTS } from './fit-camera';

/** Evaluates the landmarks of one person. */
export interface PersonLandmarks extends LandmarkEvaluator {
  /** FIT_POINTS, n × (x, y, z), frame pixels. Valid until the next call. */
  fitPoints(shape: Shape, camera: CropCamera): Float32Array;
}

/** Where face smoothers get their landmarks from. */
export interface SmoothingLandmarks {
  newPerson(): PersonLandmarks;
}

/** Gathers what is shared by all persons; make one for each face model. */
export function createSmoothingLandmarks(model: LandmarkModel): SmoothingLandmarks {
  const fitSelection = model.select(FIT_POINTS);
  return {
    newPerson: () => ({ ...model.newEvaluator(), fitPoints: fitSelection.newEvaluator().evaluate }),
  };
}
