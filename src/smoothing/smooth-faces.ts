import type { FaceData, Seconds } from '../face/types';
import { createFaceSmoother, type FaceSmoother, type FaceSmootherSettings } from './smooth-face';

/** Smooths the faces of one source, each by its id. */
export interface FacesSmoother {
  /** Throws RangeError where `time` stands still. Time that runs back is a source that starts over: all is forgotten. */
  step(faces: readonly FaceData[], time: Seconds): FaceData[];
}

/** A smoother per face; one that is gone from the list is forgotten. */
export function createFacesSmoother(settings: FaceSmootherSettings): FacesSmoother {
  const smoothers = new Map<number, FaceSmoother>();
  let last = Number.NEGATIVE_INFINITY;
  const smootherOf = (id: number): FaceSmoother => {
    const known = smoothers.get(id) ?? createFaceSmoother(settings);
    smoothers.set(id, known);
    return known;
  };
  return {
    step(faces, time) {
      if (time < last) smoothers.clear();
      if (time === last) throw new RangeError(`time: stands still at ${time} s`);
      last = time;
      const present = new Set(faces.map((face) => face.id));
      for (const id of smoothers.keys()) if (!present.has(id)) smoothers.delete(id);
      return faces.map((face) => smootherOf(face.id).step(face, time));
    },
  };
}
