import type { Crop, FaceData, Frame, Seconds } from '../face/types';
import type { DecodedFace } from '../focus/decode';
import { bySize, findAnywhere, findFaces, type Parts, type TrackSettings } from './find-faces';
import { misfit, overlap, SAME_FOLLOWED } from './same-face';
import { expectedCrop, HOLD, isInside, missed, newTrack, seen, type Track } from './track';

export type { Parts, TrackSettings } from './find-faces';

/** Follows faces from frame to frame. */
export interface FaceTracker {
  /**
   * The faces of the next frame, largest first, each with the id it keeps while it is followed. One that is not seen is
   * held for up to a second: listed where it is expected, with the presence of the miss.
   */
  step(frame: Frame): Promise<FaceData[]>;
  /**
   * What can wait until the frame's faces are delivered: the search for others. To be called after each step, also one that
   * failed. What it finds is followed from the next frame on; a failure is the next step's.
   */
  rest(): Promise<void>;
}

/** While some faces are seen, new ones are looked for every so many frames, missed ones more often. */
const SEARCH_EVERY = 10;
const SEARCH_MISSED_EVERY = 4;
/** While no face is seen, the full range is tried on every so manieth frame, the first included. */
const FULL_EVERY = 3;
/** Seconds: of two tracks that meet on one face, one followed for less was a second look at the same face. */
const DOUBT = 0.3;

/** A track before and after a frame. */
interface Followed {
  readonly before: Track;
  readonly after: Track;
}

interface Finds {
  readonly faces: readonly DecodedFace[];
  readonly time: Seconds;
}

export function createFaceTracker(parts: Parts, settings: TrackSettings): FaceTracker {
  const ids = { next: 0 };
  const search = createSearch(parts, settings);
  let tracks: readonly Track[] = [];
  let sinceSearch = 0;

  return {
    async step(frame) {
      const known = adopt(tracks, search.takeFinds(), ids);
      const followed: Followed[] = [];
      for (const before of known) followed.push({ before, after: await follow(before, frame, parts, settings) });
      let living = oneEach(followed, frame.time).filter((track) => isKept(track, frame.time));
      const live = living.filter((track) => track.live);
      sinceSearch += 1;
      if (live.length === 0) {
        living = adopt(living, { faces: await search.now(frame), time: frame.time }, ids);
        sinceSearch = 0;
      } else {
        const period = live.length < living.length ? SEARCH_MISSED_EVERY : SEARCH_EVERY;
        if (live.length < settings.faces && sinceSearch >= period) {
          const crops = live.map(({ last }) => last.crop);
          await search.later(frame, crops, settings.faces - live.length);
          sinceSearch = 0;
        }
      }
      tracks = mostWanted(living, settings.faces).map((track) => ({ ...track, listed: true }));
      return tracks.map(({ face }) => face).sort(bySize);
    },
    rest: search.rest,
  };
}

/** Looks for new faces: in the frame at hand, or in a copy of it once it has been delivered. */
function createSearch(parts: Parts, settings: TrackSettings) {
  let blind = 0;
  let waiting: { readonly frame: Frame; readonly known: readonly Crop[]; readonly wanted: number } | undefined;
  let finds: Finds | undefined;
  let failure: { readonly reason: unknown } | undefined;

  return {
    /** Nobody is seen. */
    async now(frame: Frame): Promise<DecodedFace[]> {
      const faces = await findAnywhere(frame, parts, settings, blind % FULL_EVERY === 0);
      blind = faces.length > 0 ? 0 : blind + 1;
      return faces;
    },
    /** Keeps a copy of the frame for `rest`. */
    async later(frame: Frame, known: readonly Crop[], wanted: number): Promise<void> {
      blind = 0;
      waiting = { frame: await parts.copy(frame), known, wanted };
    },
    async rest(): Promise<void> {
      const job = waiting;
      waiting = undefined;
      if (!job) return;
      try {
        const faces = await findFaces(job.frame, 'short', job.known, job.wanted, parts, settings);
        finds = { faces, time: job.frame.time };
      } catch (reason) {
        failure = { reason };
      } finally {
        job.frame.image.close();
      }
    },
    /** What the last `rest` found; throws what it failed with. */
    takeFinds(): Finds {
      const taken = finds ?? { faces: [], time: 0 };
      const failed = failure;
      finds = undefined;
      failure = undefined;
      if (failed) throw failed.reason;
      return taken;
    },
  };
}

async function follow(track: Track, frame: Frame, { look }: Parts, { threshold }: TrackSettings): Promise<Track> {
  const expected = expectedCrop(track, frame.time);
  if (!isInside(expected, frame)) return missed(track, 0, frame.time);
  const decoded = await look(frame, expected);
  if (!(decoded.presence >= threshold)) return missed(track, decoded.presence, frame.time);
  const next = seen(track, decoded, frame.time);
  if (!isInside(next.last.crop, frame)) return missed(track, 0, frame.time);
  // Somebody else may stand there by now.
  const returned = track.live || Number.isFinite(misfit(track, decoded, next.last.crop, frame.time));
  return returned ? next : missed(track, 0, frame.time);
}

/** New faces go on as the missed ones they fit, the best fit first; the others get ids of their own. */
function adopt(tracks: readonly Track[], { faces, time }: Finds, ids: { next: number }): Track[] {
  const pairs = faces
    .flatMap((face) =>
      tracks
        .filter(({ live }) => !live)
        .map((track) => ({ face, track, misfit: misfit(track, face, seen(track, face, time).last.crop, time) })),
    )
    .filter((pair) => Number.isFinite(pair.misfit))
    .sort((a, b) => a.misfit - b.misfit);
  const back = new Map<DecodedFace, Track>();
  const taken = new Set<Track>();
  for (const { face, track } of pairs) {
    if (back.has(face) || taken.has(track)) continue;
    back.set(face, track);
    taken.add(track);
  }
  const others = tracks.filter((track) => !taken.has(track));
  const arrived = faces.map((face) => {
    const track = back.get(face);
    return track ? seen(track, face, time) : newTrack(ids.next++, face, time);
  });
  return [...others, ...arrived];
}

/**
 * Of two tracks that meet on one face (one head passes behind the other) it goes to the one that expected it; the other is
 * missed, or was never a second face.
 */
function oneEach(followed: readonly Followed[], time: Seconds): Track[] {
  const cost = ({ before, after }: Followed) => misfit(before, after.face, after.last.crop, time);
  const order = [...followed].sort((a, b) => compare(cost(a), cost(b)) || a.before.id - b.before.id);
  const kept: Track[] = [];
  for (const { before, after } of order) {
    const meets = kept.some(({ live, last }) => live && overlap(last.crop, after.last.crop) > SAME_FOLLOWED);
    if (!after.live || !meets) kept.push(after);
    else if (time - before.born >= DOUBT) kept.push(missed(before, 0, time));
  }
  return kept;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A missed face is kept for a second, one that was never listed not at all. */
function isKept({ live, listed, last }: Track, time: Seconds): boolean {
  return live || (listed && time >= last.time && time - last.time <= HOLD);
}

/** Seen faces first, the longest known first; then those missed last. */
function mostWanted(tracks: readonly Track[], faces: number): Track[] {
  return [...tracks]
    .sort((a, b) => Number(b.live) - Number(a.live) || (a.live ? 0 : b.last.time - a.last.time) || a.id - b.id)
    .slice(0, faces);
}
