import type { FaceData, Seconds } from '../face/types';
import { createFaceSmoother, type FaceSmoother, type FaceSmootherSettings } from './smooth-face';

/** Smooths the faces of one source; each id has its own filters. */
export interface FacesSmoother {
  /**
   * An earlier time than the last one means that the source restarted: all filters are reset. Frames of the same time, which
   * damaged files contain, are smoothed as if they were a millisecond apart.
   */
  smoothFaces(faces: readonly FaceData[], time: Seconds): FaceData[];
}

/** Least time between two steps of a filter, s. */
const LEAST_STEP = 0.001;

/** The filters of a face that is no longer listed are removed. */
export function createFacesSmoother(settings: FaceSmootherSettings): FacesSmoother {
  const smoothers = new Map<number, FaceSmoother>();
  let last = Number.NEGATIVE_INFINITY;
  /** Time of the filters' last step: `last`, or a little later after frames of the same time. */
  let lastStep = Number.NEGATIVE_INFINITY;
  const smootherOf = (id: number): FaceSmoother => {
    const known = smoothers.get(id) ?? createFaceSmoother(settings);
    smoothers.set(id, known);
    return known;
  };
  return {
    smoothFaces(faces, time) {
      if (time < last) {
        smoothers.clear();
        lastStep = Number.NEGATIVE_INFINITY;
      }
      last = time;
      lastStep = Math.max(time, lastStep + LEAST_STEP);
      const step = lastStep;
      const present = new Set(faces.map((face) => face.id));
      for (const id of smoothers.keys()) if (!present.has(id)) smoothers.delete(id);
      return faces.map((face) => smootherOf(face.id).smoothFace(face, step));
    },
  };
}
