import type { Crop, FaceData, Frame } from '../face/types';
import { cropFromDetection, cropFromPoints } from '../focus/crop';
import type { DecodedFace } from '../focus/decode';
import type { Detection, Range } from './detect';
import type { Look } from './look';
import { overlap, SAME } from './same-face';

/** Most looks at a new face: a detector's crop of a covered face can be far off (docs/decisions/0002-looks-until-settled.md). */
const MOST_LOOKS = 4;
/** Crops closer than this (`difference`) are the same: what a good crop's own noise makes. */
const SETTLED = 0.05;

/**
 * A find of less presence wants a second opinion: a hand over the eyes draws the short range to itself, and looks like a face at
 * 0.97. Of covered faces nineteen in twenty are above 0.999.
 */
const SURE = 0.99;

/** What faces are found and followed with; given as doubles in tests. */
export interface Parts {
  /** Faces anywhere in the frame. */
  readonly detect: (frame: Frame, range: Range) => Promise<readonly Detection[]>;
  /** What the network sees in one crop of the frame. */
  readonly look: Look;
  /** The same, as it is and mirrored, and the mean of both. */
  readonly lookBothWays: Look;
  /** The crop and two beside it, each both ways, and the mean of all. */
  readonly lookFromCrops: Look;
  /** The frame once more, with a picture of its own. */
  readonly copy: (frame: Frame) => Promise<Frame>;
}

export interface TrackSettings {
  /** Most faces at a time. */
  readonly faces: number;
  /** Presence from which a crop shows a face. */
  readonly threshold: number;
}

/**
 * Detects and looks at each find until its crop has settled, the largest first, until `wanted` faces are sure (`SURE`);
 * doubtful ones are taken where there are no surer. `known` crops are left out.
 */
export async function findFaces(
  frame: Frame,
  range: Range,
  known: readonly Crop[],
  wanted: number,
  parts: Parts,
  { threshold }: TrackSettings,
): Promise<DecodedFace[]> {
  const crops = (await parts.detect(frame, range)).map(cropFromDetection).sort((a, b) => b.side - a.side);
  const taken = [...known];
  const seen: DecodedFace[] = [];
  for (const crop of crops) {
    if (seen.filter(({ presence }) => presence >= SURE).length >= wanted) break;
    if (taken.some((other) => overlap(crop, other) > SAME)) continue;
    const decoded = await settle(frame, crop, parts);
    const settled = cropFromPoints(decoded.landmarks478);
    if (!(decoded.presence >= threshold) || taken.some((other) => overlap(settled, other) > SAME)) continue;
    taken.push(settled);
    seen.push(decoded);
  }
  return seen.length > wanted ? seen.sort((a, b) => b.presence - a.presence).slice(0, wanted) : seen;
}

/**
 * The faces of a frame in which nobody is followed. With `full` the full range is tried as well when the short range leads
 * to no sure face; whichever led to the surer one has found.
 */
export async function findAnywhere(
  frame: Frame,
  parts: Parts,
  settings: TrackSettings,
  full = true,
): Promise<DecodedFace[]> {
  const near = await findFaces(frame, 'short', [], settings.faces, parts, settings);
  if (!full || surest(near) >= SURE) return near;
  const far = await findFaces(frame, 'full', [], settings.faces, parts, settings);
  return surest(far) > surest(near) ? far : near;
}

function surest(faces: readonly DecodedFace[]): number {
  return Math.max(0, ...faces.map(({ presence }) => presence));
}

/**
 * The faces of a picture by itself, largest first; what is found is looked at once more, from three crops. Where those would
 * not call it a face, the look that found it counts.
 */
export async function findStillFaces(frame: Frame, parts: Parts, settings: TrackSettings): Promise<FaceData[]> {
  const faces: FaceData[] = [];
  for (const found of await findAnywhere(frame, parts, settings)) {
    const again = await parts.lookFromCrops(frame, cropFromPoints(found.landmarks478));
    const decoded = again.presence >= settings.threshold ? again : found;
    faces.push({ ...decoded, id: faces.length, state: 'found' });
  }
  return faces.sort(bySize);
}

export function bySize(a: FaceData, b: FaceData): number {
  return b.crop.side - a.crop.side;
}

/**
 * Looks again with the crop that follows from each result, until it is the one looked at; twice at least, and both ways
 * but for the first time (docs/decisions/0003-both-ways.md).
 */
async function settle(frame: Frame, detected: Crop, { look, lookBothWays }: Parts): Promise<DecodedFace> {
  let crop = cropFromPoints((await look(frame, detected)).landmarks478);
  for (let looks = 2; ; looks++) {
    const decoded = await lookBothWays(frame, crop);
    const next = cropFromPoints(decoded.landmarks478);
    if (looks === MOST_LOOKS || difference(crop, next) < SETTLED) return decoded;
    crop = next;
  }
}

/** How far two crops are apart: way and size as shares of the side, and turn in radians, together. */
function difference(a: Crop, b: Crop): number {
  const way = Math.hypot(a.centreX - b.centreX, a.centreY - b.centreY) / a.side;
  const turn = Math.atan2(Math.sin(a.angle - b.angle), Math.cos(a.angle - b.angle));
  return way + Math.abs(Math.log(a.side / b.side)) + Math.abs(turn);
}
