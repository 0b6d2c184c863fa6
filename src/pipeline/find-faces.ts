import type { Crop, FaceData, Frame } from '../face/types';
import { cropFromDetection, cropFromPoints } from '../focus/crop';
import type { DecodedFace } from '../focus/decode';
import type { Detection, Range } from './detect';
import type { CropInference } from './infer-crop';
import { overlap, SAME } from './same-face';

/** Most inferences on a new face: a detector's crop of a covered face can be far off (docs/decisions/0002-looks-until-settled.md). */
const MOST_INFERENCES = 4;
/** Crops closer than this (`difference`) are the same: the jitter of a good crop. */
const SETTLED = 0.05;

/**
 * Presence below which the full-range detector is tried as well: the short-range detector takes a hand over the eyes for a
 * face, with a presence of 0.97. 19 of 20 covered faces are above 0.999.
 */
const SURE = 0.99;

/** What faces are found and tracked with; doubles in tests. */
export interface FaceFinding extends CropInference {
  /** Faces anywhere in the frame. */
  readonly detect: (frame: Frame, range: Range) => Promise<readonly Detection[]>;
  /** The frame again, with a picture of its own. */
  readonly copy: (frame: Frame) => Promise<Frame>;
}

export interface TrackSettings {
  /** Maximum number of faces. */
  readonly faces: number;
  /** Presence from which a crop shows a face. */
  readonly threshold: number;
}

/**
 * Detects faces and runs inference on each detection until its crop has settled, the largest first, until `wanted` faces
 * are sure (`SURE`). Doubtful faces are returned where there are not enough sure ones. Detections that overlap a crop of
 * `known` are skipped.
 */
export async function findFaces(
  frame: Frame,
  range: Range,
  known: readonly Crop[],
  wanted: number,
  finding: FaceFinding,
  { threshold }: TrackSettings,
): Promise<DecodedFace[]> {
  const crops = (await finding.detect(frame, range)).map(cropFromDetection).sort((a, b) => b.side - a.side);
  const taken = [...known];
  const found: DecodedFace[] = [];
  for (const crop of crops) {
    if (found.filter(({ presence }) => presence >= SURE).length >= wanted) break;
    if (taken.some((other) => overlap(crop, other) > SAME)) continue;
    const decoded = await settleCrop(frame, crop, finding);
    const settled = cropFromPoints(decoded.landmarks478);
    if (!(decoded.presence >= threshold) || taken.some((other) => overlap(settled, other) > SAME)) continue;
    taken.push(settled);
    found.push(decoded);
  }
  return found.length > wanted ? found.sort((a, b) => b.presence - a.presence).slice(0, wanted) : found;
}

/**
 * The faces of a frame in which none is tracked. With `full`, the full-range detector is tried as well when the short range
 * finds no sure face; the range with the highest presence wins.
 */
export async function findAnywhere(
  frame: Frame,
  finding: FaceFinding,
  settings: TrackSettings,
  full = true,
): Promise<DecodedFace[]> {
  const near = await findFaces(frame, 'short', [], settings.faces, finding, settings);
  if (!full || highestPresence(near) >= SURE) return near;
  const far = await findFaces(frame, 'full', [], settings.faces, finding, settings);
  return highestPresence(far) > highestPresence(near) ? far : near;
}

function highestPresence(faces: readonly DecodedFace[]): number {
  return Math.max(0, ...faces.map(({ presence }) => presence));
}

/**
 * The faces of a still, largest first. Each face found gets one multi-crop inference; where its presence is below the
 * threshold, the previous inference is kept.
 */
export async function findStillFaces(frame: Frame, finding: FaceFinding, settings: TrackSettings): Promise<FaceData[]> {
  const faces: FaceData[] = [];
  for (const found of await findAnywhere(frame, finding, settings)) {
    const again = await finding.inferMultiCrop(frame, cropFromPoints(found.landmarks478));
    const decoded = again.presence >= settings.threshold ? again : found;
    faces.push({ ...decoded, id: faces.length, state: 'found' });
  }
  return faces.sort(bySize);
}

export function bySize(a: FaceData, b: FaceData): number {
  return b.crop.side - a.crop.side;
}

/**
 * Repeats inference with the crop of each result until the crop no longer changes. At least two inferences; all but the
 * first are mirrored as well (docs/decisions/0003-both-ways.md).
 */
async function settleCrop(
  frame: Frame,
  detected: Crop,
  { inferCrop, inferMirrored }: FaceFinding,
): Promise<DecodedFace> {
  let crop = cropFromPoints((await inferCrop(frame, detected)).landmarks478);
  for (let inferences = 2; ; inferences++) {
    const decoded = await inferMirrored(frame, crop);
    const next = cropFromPoints(decoded.landmarks478);
    if (inferences === MOST_INFERENCES || difference(crop, next) < SETTLED) return decoded;
    crop = next;
  }
}

/** Difference of two crops: the sum of distance and size as shares of the side, and rotation in radians. */
function difference(a: Crop, b: Crop): number {
  const distance = Math.hypot(a.centreX - b.centreX, a.centreY - b.centreY) / a.side;
  const turn = Math.atan2(Math.sin(a.angle - b.angle), Math.cos(a.angle - b.angle));
  return distance + Math.abs(Math.log(a.side / b.side)) + Math.abs(turn);
}
