import type { Crop, Frame } from '../../face/types';
import { cropFromPoints } from '../../focus/crop';
import type { DecodedFace } from '../../focus/decode';
import type { CropInference } from '../infer-crop';

/** Most inferences on a new face: a detector's crop of a covered face can be far off (docs/decisions/0002-looks-until-settled.md). */
const MOST_INFERENCES = 4;
/** Crops closer than this (`difference`) are the same: the jitter of a good crop. */
const SETTLED = 0.05;
/** Presence below which the second inference ends the attempt. */
const HOPELESS = 0.1;
/**
 * Least confidence of a face: where the detector is sure of an upright face in the whole frame, and elsewhere. False
 * detections are below -0.7 and, apart from one picture in a hundred, below 0.49.
 */
export const LEAST_CONFIDENCE = { likely: 0.2, unlikely: 0.49 } as const;
/** Confidence below which other rotations are tried. */
const UPRIGHT = 0.8;
/** Least confidence of a sure face. */
const SURE = 0.3;
/** Least presence of a sure face: a hand over the eyes of a face reaches 0.97. */
const SURE_PRESENCE = 0.99;
/** Presence in another rotation from which that rotation is tried. */
const TURNED_PRESENCE = 0.9;

/** A face whose crop has settled and that was verified. */
export interface FoundFace {
  readonly face: DecodedFace;
  /** The crop of its landmarks. */
  readonly crop: Crop;
  /** No other detection is preferred to it. */
  readonly sure: boolean;
  /** Up to 1; the higher of two is to be preferred. */
  readonly confidence: number;
}

/** What a face must reach: the presence of its last pass, and its confidence. */
export interface FaceLimits {
  readonly presence: number;
  readonly confidence: number;
}

/**
 * Finds the face in a crop of a detection. Where the confidence is low, other rotations are tried too, and the best is returned.
 * Undefined where there is no face that reaches the limits.
 */
export async function findInCrop(
  frame: Frame,
  crop: Crop,
  finding: CropInference,
  limits: FaceLimits,
): Promise<FoundFace | undefined> {
  const upright = await attempt(frame, crop, finding, limits);
  if (!upright || upright.confidence >= UPRIGHT) return upright;
  let best = upright;
  for (const turn of [Math.PI, Math.PI / 2, -Math.PI / 2]) {
    const turned = { ...crop, angle: crop.angle + turn };
    if (!((await finding.inferCrop(frame, turned)).presence >= TURNED_PRESENCE)) continue;
    const found = await attempt(frame, turned, finding, limits);
    if (found && found.confidence > best.confidence) best = found;
  }
  return best;
}

async function attempt(
  frame: Frame,
  crop: Crop,
  finding: CropInference,
  limits: FaceLimits,
): Promise<FoundFace | undefined> {
  const face = await settleCrop(frame, crop, finding);
  if (!(face.presence >= limits.presence)) return undefined;
  const confidence = await finding.verifyFace(frame, face);
  if (!(confidence >= limits.confidence)) return undefined;
  return {
    face,
    crop: cropFromPoints(face.landmarks478),
    sure: confidence >= SURE && face.presence >= SURE_PRESENCE,
    confidence,
  };
}

/**
 * Repeats inference with the crop of each result until the crop no longer changes. At least two inferences; all but the
 * first are mirrored as well (docs/decisions/0003-both-ways.md).
 */
async function settleCrop(
  frame: Frame,
  detected: Crop,
  { inferCrop, inferMirrored }: CropInference,
): Promise<DecodedFace> {
  let crop = cropFromPoints((await inferCrop(frame, detected)).landmarks478);
  for (let inferences = 2; ; inferences++) {
    const decoded = await inferMirrored(frame, crop);
    const next = cropFromPoints(decoded.landmarks478);
    const isLast = inferences === MOST_INFERENCES || !(decoded.presence >= HOPELESS);
    if (isLast || difference(crop, next) < SETTLED) return decoded;
    crop = next;
  }
}

/** Difference of two crops: the sum of distance and size as shares of the side, and rotation in radians. */
function difference(a: Crop, b: Crop): number {
  const distance = Math.hypot(a.centreX - b.centreX, a.centreY - b.centreY) / a.side;
  const turn = Math.atan2(Math.sin(a.angle - b.angle), Math.cos(a.angle - b.angle));
  return distance + Math.abs(Math.log(a.side / b.side)) + Math.abs(turn);
}
