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
/** Least confidence of a face, and confidence from which no other attempt is necessary. */
const VERIFIED = 0.49;
const SURE = 0.8;
/** Least presence of a sure face: a hand over the eyes of a face reaches 0.97. */
const SURE_PRESENCE = 0.99;
/** Presence in another rotation from which that rotation is tried. */
const TURNED_PRESENCE = 0.9;

/** A face whose crop has settled and that was verified. */
export interface FoundFace {
  readonly face: DecodedFace;
  /** The crop of its landmarks. */
  readonly crop: Crop;
  /** No other attempt is necessary. */
  readonly sure: boolean;
  /** Up to 1; the higher of two is to be preferred. */
  readonly confidence: number;
}

/**
 * Finds the face in a crop of a detection. Of a doubtful face, other rotations are tried too, and the best is returned.
 * Undefined where there is no face: the presence is below `threshold`, or the face is not verified.
 */
export async function findInCrop(
  frame: Frame,
  crop: Crop,
  finding: CropInference,
  threshold: number,
): Promise<FoundFace | undefined> {
  const upright = await attempt(frame, crop, finding, threshold);
  if (!upright || upright.sure) return upright;
  let best = upright;
  for (const turn of [Math.PI, Math.PI / 2, -Math.PI / 2]) {
    const turned = { ...crop, angle: crop.angle + turn };
    if (!((await finding.inferCrop(frame, turned)).presence >= TURNED_PRESENCE)) continue;
    const found = await attempt(frame, turned, finding, threshold);
    if (found && found.confidence > best.confidence) best = found;
  }
  return best;
}

async function attempt(
  frame: Frame,
  crop: Crop,
  finding: CropInference,
  threshold: number,
): Promise<FoundFace | undefined> {
  const face = await settleCrop(frame, crop, finding);
  if (!(face.presence >= threshold)) return undefined;
  const confidence = await finding.verifyFace(frame, face);
  if (!(confidence >= VERIFIED)) return undefined;
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
