import type { Crop, Face, Frame, Seconds } from '../face/types';
import { cropFromDetection, cropFromPoints, moveCrop } from '../focus/crop';
import type { DecodedFace } from '../focus/decode';
import type { Detection, Range } from './detect';

/** What tracking is made of; given as doubles in tests. */
export interface Parts {
  /** Faces anywhere in the frame. */
  readonly detect: (frame: Frame, range: Range) => Promise<readonly Detection[]>;
  /** What the network sees in one crop of the frame. */
  readonly look: (frame: Frame, crop: Crop) => Promise<DecodedFace>;
}

export interface TrackSettings {
  /** Most faces at a time. */
  readonly faces: number;
  /** Presence from which a crop shows a face. */
  readonly threshold: number;
}

/** Follows faces from frame to frame. */
export interface FaceTracker {
  /**
   * The faces of the next frame, largest first, each with the id it keeps while it is followed. One that is missed once is
   * held: listed for that frame as it was seen last.
   */
  step(frame: Frame): Promise<Face[]>;
}

/** Frames without a face after which it is lost. */
const MISSES = 2;
/** While some faces are followed, new ones are looked for every so many frames. */
const SEARCH_EVERY = 10;
/** While no face is followed, the full range is tried on every so manieth frame, the first included. */
const FULL_EVERY = 3;
/** Seconds for which a head is expected to go on as it moved; after a longer gap nobody knows. */
const FORESIGHT = 0.1;
/** Overlap of two crops (intersection over union) from which they show the same face. */
const SAME = 0.4;

interface Sight {
  readonly crop: Crop;
  readonly time: Seconds;
}

interface Track {
  readonly id: number;
  /** Where the face was seen last, and when. */
  readonly last: Sight;
  /** The sight before the last; undefined after the first one and after a miss. */
  readonly before: Sight | undefined;
  /** Looks in a row without a face. */
  readonly misses: number;
  /** As seen last; held when missed in this frame. */
  readonly face: Face;
}

export function createFaceTracker(parts: Parts, settings: TrackSettings): FaceTracker {
  let tracks: readonly Track[] = [];
  let nextId = 0;
  let sinceSearch = 0;
  let blindSearches = 0;

  const search = async (frame: Frame, known: readonly Crop[]): Promise<Track[]> => {
    const wanted = settings.faces - known.length;
    const seen = await findFaces(frame, 'short', known, wanted, parts, settings);
    const full = seen.length === 0 && known.length === 0 && blindSearches % FULL_EVERY === 0;
    if (full) seen.push(...(await findFaces(frame, 'full', known, wanted, parts, settings)));
    blindSearches = seen.length > 0 || known.length > 0 ? 0 : blindSearches + 1;
    sinceSearch = 0;
    return seen.map((decoded) => {
      const id = nextId++;
      const last = { crop: cropFromPoints(decoded.landmarks478), time: frame.time };
      return { id, last, before: undefined, misses: 0, face: { ...decoded, id, state: 'found' } };
    });
  };

  return {
    async step(frame) {
      const followed: Track[] = [];
      for (const track of tracks) followed.push(await follow(track, frame, parts, settings));
      const living = withoutDuplicates(
        followed.filter((track) => track.misses < MISSES && isInside(track.last.crop, frame)),
      );
      sinceSearch += 1;
      const idle = !living.some(({ misses }) => misses === 0);
      if (living.length < settings.faces && (idle || sinceSearch >= SEARCH_EVERY)) {
        living.push(
          ...(await search(
            frame,
            living.map(({ last }) => last.crop),
          )),
        );
      }
      tracks = living;
      return living.map(({ face }) => face).sort(bySize);
    },
  };
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

async function follow(track: Track, frame: Frame, parts: Parts, { threshold }: TrackSettings): Promise<Track> {
  const { id } = track;
  const decoded = await parts.look(frame, expectedCrop(track, frame.time));
  if (!(decoded.presence >= threshold)) return missed(track, decoded.presence);
  const last = { crop: cropFromPoints(decoded.landmarks478), time: frame.time };
  return { id, last, before: track.last, misses: 0, face: { ...decoded, id, state: 'tracked' } };
}

/** The face stays where it was, marked as held; nothing of the look that missed it is taken but its presence. */
function missed(track: Track, presence: number): Track {
  // A presence that is no number says nothing; files could not hold it.
  const face: Face = { ...track.face, state: 'held', presence: presence || 0 };
  return { ...track, before: undefined, misses: track.misses + 1, face };
}

/** The last crop moved on by the motion of the last two sights, as far as the clock went on; unmoved where it did not. */
function expectedCrop({ last, before }: Track, time: Seconds): Crop {
  if (!before || last.time <= before.time || time <= last.time) return last.crop;
  return moveCrop(last.crop, before.crop, Math.min(time - last.time, FORESIGHT) / (last.time - before.time));
}

/** Detects and looks twice at each find, the largest first, until `wanted` faces are sure; `known` crops are left out. */
async function findFaces(
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

/** The second crop comes from the first result. */
async function lookTwice(frame: Frame, crop: Crop, { look }: Parts): Promise<DecodedFace> {
  const first = await look(frame, crop);
  return look(frame, cropFromPoints(first.landmarks478));
}

/** Of two tracks on the same face the older one stays. */
function withoutDuplicates(tracks: readonly Track[]): Track[] {
  const kept: Track[] = [];
  for (const track of [...tracks].sort((a, b) => a.id - b.id)) {
    if (!kept.some((other) => overlap(other.last.crop, track.last.crop) > SAME)) kept.push(track);
  }
  return kept;
}

/** Intersection over union of two crops, both laid level. */
export function overlap(a: Crop, b: Crop): number {
  const width = shared(a.centreX, a.side, b.centreX, b.side);
  const height = shared(a.centreY, a.side, b.centreY, b.side);
  const both = width * height;
  return both / (a.side ** 2 + b.side ** 2 - both);
}

function shared(a: number, sideA: number, b: number, sideB: number): number {
  return Math.max(0, Math.min(a + sideA / 2, b + sideB / 2) - Math.max(a - sideA / 2, b - sideB / 2));
}

/** False for a crop that has left the frame or shrunk to nothing. */
function isInside({ centreX, centreY, side }: Crop, { width, height }: Frame): boolean {
  const margin = side / 4;
  const insideX = centreX > -margin && centreX < width + margin;
  const insideY = centreY > -margin && centreY < height + margin;
  return side >= 8 && side < 4 * Math.max(width, height) && insideX && insideY;
}

function bySize(a: Face, b: Face): number {
  return b.crop.side - a.crop.side;
}
