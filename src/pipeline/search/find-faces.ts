import type { Crop, FaceData, Frame } from '../../face/types';
import { cropFromDetection } from '../../focus/crop';
import type { Detection } from '../detect/detection';
import type { CropInference } from '../infer-crop';
import { isSameFace } from '../same-face';
import { type DetectionArea, tileAreas, turnedAreas, wholeArea } from './detection-areas';
import { type FoundFace, findInCrop, LEAST_CONFIDENCE } from './settle-crop';

/** Detection score from which a detection is tried at once; lower ones only where faces are missing. */
const LIKELY = 0.5;
/** The same for the first try on a turned frame: turned pictures give more false detections. */
const LIKELY_TURNED = 0.4;

/** What faces are found and tracked with; doubles in tests. */
export interface FaceFinding extends CropInference {
  /** Faces in a part of the frame, in frame pixels. */
  readonly detect: (frame: Frame, area: DetectionArea) => Promise<readonly Detection[]>;
  /** The frame again, with a picture of its own. */
  readonly copy: (frame: Frame) => Promise<Frame>;
}

export interface TrackSettings {
  /** Maximum number of faces. */
  readonly faces: number;
  /** Presence from which a crop shows a face. */
  readonly threshold: number;
}

/** A search for new faces in one frame. Later steps add to the faces found so far. */
export interface FaceSearch {
  /** The faces found so far, the best `wanted` of them. */
  readonly faces: readonly FoundFace[];
  /** Detects in an area, and tries its likely detections, the largest first, until enough sure faces are found. */
  tryArea(area: DetectionArea): Promise<void>;
  /** Tries the unlikely detections of the areas so far, the likeliest first, `most` of them, until enough faces are found. */
  tryUnlikely(most: number): Promise<void>;
}

/**
 * Starts a search for `wanted` faces. Detections that show a face of `known` are skipped. Of two results for one face the one
 * with the higher confidence is kept. Doubtful faces are returned where there are not enough sure ones.
 */
export function searchFaces(
  frame: Frame,
  finding: FaceFinding,
  { threshold }: TrackSettings,
  wanted: number,
  known: readonly Crop[] = [],
): FaceSearch {
  let found: FoundFace[] = [];
  const unlikely: Detection[] = [];
  const isDone = (crop: Crop) =>
    [...known, ...found.filter(({ sure }) => sure).map((face) => face.crop)].some((other) => isSameFace(crop, other));
  const tryDetection = async (detection: Detection, confidence: number) => {
    const crop = cropFromDetection(detection);
    if (isDone(crop)) return;
    const face = await findInCrop(frame, crop, finding, { presence: threshold, confidence });
    if (face && !known.some((other) => isSameFace(face.crop, other))) found = withFace(found, face);
  };
  return {
    get faces() {
      return best(found, wanted);
    },
    async tryArea(area) {
      const least = area.turns === 0 ? LIKELY : LIKELY_TURNED;
      const confidence = LEAST_CONFIDENCE[isUprightWhole(area, frame) ? 'likely' : 'unlikely'];
      const detections = await finding.detect(frame, area);
      unlikely.push(...detections.filter(({ score }) => !(score >= least)));
      for (const detection of detections.filter(({ score }) => score >= least).sort(bySideOfBox)) {
        if (found.filter(({ sure }) => sure).length >= wanted) return;
        await tryDetection(detection, confidence);
      }
    },
    async tryUnlikely(most) {
      const order = unlikely.splice(0).sort((a, b) => b.score - a.score);
      for (const detection of order.slice(0, most)) {
        if (found.length >= wanted) return;
        await tryDetection(detection, LEAST_CONFIDENCE.unlikely);
      }
    },
  };
}

function isUprightWhole({ box, turns }: DetectionArea, { width, height }: Frame): boolean {
  return turns === 0 && box.width === width && box.height === height;
}

/** The faces with another one; of those that show the same face, the one with the highest confidence is kept. */
function withFace(faces: readonly FoundFace[], added: FoundFace): FoundFace[] {
  const same = faces.filter(({ crop }) => isSameFace(crop, added.crop));
  if (same.some(({ confidence }) => confidence >= added.confidence)) return [...faces];
  return [...faces.filter((face) => !same.includes(face)), added];
}

function best(faces: readonly FoundFace[], wanted: number): readonly FoundFace[] {
  if (faces.length <= wanted) return faces;
  return [...faces].sort(byPreference).slice(0, wanted);
}

/** Sure faces first, the largest of them first; then the others, the most confident first. */
function byPreference(a: FoundFace, b: FoundFace): number {
  if (a.sure !== b.sure) return a.sure ? -1 : 1;
  return a.sure ? b.crop.side - a.crop.side : b.confidence - a.confidence;
}

function bySideOfBox(a: Detection, b: Detection): number {
  return Math.max(b.width, b.height) - Math.max(a.width, a.height);
}

/**
 * Searches the whole frame with the short-range detector. Where that finds too few sure faces and `unlikely` is above 0, the
 * full-range detector follows; then, where faces are missing, as many unlikely detections.
 */
export async function searchWhole(search: FaceSearch, frame: Frame, wanted: number, unlikely: number): Promise<void> {
  await search.tryArea(wholeArea(frame, 'short'));
  if (unlikely === 0 || search.faces.filter(({ sure }) => sure).length >= wanted) return;
  await search.tryArea(wholeArea(frame, 'full'));
  await search.tryUnlikely(unlikely);
}

/**
 * The faces of a still, largest first. Where the whole frame does not contain enough faces, it is searched turned and in
 * tiles. Each face found gets one multi-crop inference; where its presence is below the threshold, the previous inference is
 * kept.
 */
export async function findStillFaces(frame: Frame, finding: FaceFinding, settings: TrackSettings): Promise<FaceData[]> {
  const search = searchFaces(frame, finding, settings, settings.faces);
  const wants = (least: number) => search.faces.length < least;
  await searchWhole(search, frame, settings.faces, Number.POSITIVE_INFINITY);
  for (const area of turnedAreas(frame)) if (wants(1)) await search.tryArea(area);
  for (const area of tileAreas(frame)) if (wants(settings.faces)) await search.tryArea(area);
  const faces: FaceData[] = [];
  for (const { face, crop } of search.faces) {
    const again = await finding.inferMultiCrop(frame, crop);
    const decoded = again.presence >= settings.threshold ? again : face;
    faces.push({ ...decoded, id: faces.length, state: 'found' });
  }
  return faces.sort(bySize);
}

export function bySize(a: FaceData, b: FaceData): number {
  return b.crop.side - a.crop.side;
}
