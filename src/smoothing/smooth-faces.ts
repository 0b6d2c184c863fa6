import type { FaceData, Seconds } from '../face/types';
import { createFaceSmoother, type FaceSmoother, type FaceSmootherSettings } from './smooth-face';

/** Smooths the faces of one source; each id has its own filters. */
export interface FacesSmoother {
  /** Throws RangeError where `time` equals the last one. An earlier time means that the source restarted: all filters are reset. */
  smoothFaces(faces: readonly FaceData[], time: Seconds): FaceData[];
}

/** The filters of a face that is no longer listed are removed. */
export function createFacesSmoother(settings: FaceSmootherSettings): FacesSmoother {
  const smoothers = new Map<number, FaceSmoother>();
  let last = Number.NEGATIVE_INFINITY;
  const smootherOf = (id: number): FaceSmoother => {
    const known = smoothers.get(id) ?? createFaceSmoother(settings);
    smoothers.set(id, known);
    return known;
  };
  return {
    smoothFaces(faces, time) {
      if (time < last) smoothers.clear();
      if (time === last) throw new RangeError(`time: two frames at ${time} s`);
      last = time;
      const present = new Set(faces.map((face) => face.id));
      for (const id of smoothers.keys()) if (!present.has(id)) smoothers.delete(id);
      return faces.map((face) => smootherOf(face.id).smoothFace(face, time));
    },
  };
}
