import type { Crop, Face, Frame } from '../face/types';
import { cropFromDetection, cropFromPoints } from '../focus/crop';
import type { DecodedFace } from '../focus/decode';
import type { Detection, Range } from './detect';
import { overlap, SAME } from './same-face';

/** What faces are found and followed with; given as doubles in tests. */
export interface Parts {
  /** Faces anywhere in the frame. */
  readonly detect: (frame: Frame, range: Range) => Promise<readonly Detection[]>;
  /** What the network sees in one crop of the frame. */
  readonly look: (frame: Frame, crop: Crop) => Promise<DecodedFace>;
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
 * Detects and looks twice at each find, the largest first, until `wanted` faces are sure; `known` crops are left out.
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
    if (seen.length >= wanted) break;
    if (taken.some((other) => overlap(crop, other) > SAME)) continue;
    const decoded = await lookTwice(frame, crop, parts);
    const settled = cropFromPoints(decoded.landmarks478);
    if (!(decoded.presence >= threshold) || taken.some((other) => overlap(settled, other) > SAME)) continue;
    taken.push(settled);
    seen.push(decoded);
  }
  return seen;
}

/**
 * The faces of a picture by itself, largest first. Two looks at each find; the full range is tried when the short range
 * leads to no face.
 */
export async function findStillFaces(frame: Frame, parts: Parts, settings: TrackSettings): Promise<Face[]> {
  let seen = await findFaces(frame, 'short', [], settings.faces, parts, settings);
  if (seen.length === 0) seen = await findFaces(frame, 'full', [], settings.faces, parts, settings);
  return seen.map((decoded, id): Face => ({ ...decoded, id, state: 'found' })).sort(bySize);
}

export function bySize(a: Face, b: Face): number {
  return b.crop.side - a.crop.side;
}

/** The second crop comes from the first result. */
async function lookTwice(frame: Frame, crop: Crop, { look }: Parts): Promise<DecodedFace> {
  const first = await look(frame, crop);
  return look(frame, cropFromPoints(first.landmarks478));
}
