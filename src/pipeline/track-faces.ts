import type { FaceData, Frame, Seconds } from '../face/types';
import type { DecodedFace } from '../focus/decode';
import { associationCost, isCut, isSamePerson, overlap, SAME_TRACKED } from './same-face';
import { bySize, type FaceFinding, type TrackSettings } from './search/find-faces';
import { createStreamSearch, type Finds } from './search/stream-search';
import { continueTrack, expectedCrop, HOLD, holdTrack, isInside, newTrack, type Track } from './track';

/** Tracks faces from frame to frame. */
export interface FaceTracker {
  /**
   * The faces of the next frame, largest first; each keeps its id while it is tracked. A face that is not seen is held for
   * up to a second: it is listed at its expected position with the low presence of the inference.
   */
  trackFrame(frame: Frame): Promise<FaceData[]>;
  /**
   * Searches for further faces, which can wait until the frame's faces are delivered. Call it after each `trackFrame`, also
   * after one that failed. What it finds is tracked from the next frame on; an error is thrown by the next `trackFrame`.
   */
  runDeferredSearch(): Promise<void>;
}

/** Period of the search for new faces while some are seen, frames; shorter while one is missed. */
const SEARCH_EVERY = 10;
const SEARCH_MISSED_EVERY = 4;
/** Of two tracks that meet on one face, a track younger than this (seconds) is a duplicate. */
const DOUBT = 0.3;

/** A track before and after a frame. */
interface TrackStep {
  readonly before: Track;
  readonly after: Track;
}

export function createFaceTracker(finding: FaceFinding, settings: TrackSettings): FaceTracker {
  const ids = { next: 0 };
  const search = createStreamSearch(finding, settings);
  let tracks: readonly Track[] = [];
  let sinceSearch = 0;

  /** The tracks after the search that is due, if any. */
  const searchIfDue = async (living: readonly Track[], frame: Frame): Promise<readonly Track[]> => {
    const live = living.filter((track) => track.live);
    sinceSearch += 1;
    if (live.length === 0) {
      const faces = await search.findNow(frame);
      sinceSearch = 0;
      return associate(living, { faces, time: frame.time }, ids);
    }
    const period = live.length < living.length ? SEARCH_MISSED_EVERY : SEARCH_EVERY;
    if (live.length < settings.faces && (search.foundMost || sinceSearch >= period)) {
      const crops = live.map(({ last }) => last.crop);
      await search.defer(frame, crops, settings.faces - live.length);
      sinceSearch = 0;
    }
    return living;
  };

  return {
    async trackFrame(frame) {
      const known = associate(tracks, search.takeFinds(), ids);
      const steps: TrackStep[] = [];
      for (const before of known) {
        const after = await trackFace(before, frame, finding, settings);
        if (after) steps.push({ before, after });
      }
      const living = withoutDuplicates(steps, frame.time).filter((track) => isKept(track, frame.time));
      tracks = longestKnown(await searchIfDue(living, frame), settings.faces).map((track) => ({
        ...track,
        listed: true,
      }));
      return tracks.map(({ face }) => face).sort(bySize);
    },
    runDeferredSearch: search.runDeferred,
  };
}

/** The track after a frame; undefined after a cut, which ends it at once. */
async function trackFace(
  track: Track,
  frame: Frame,
  { inferTracked }: FaceFinding,
  { threshold }: TrackSettings,
): Promise<Track | undefined> {
  const expected = expectedCrop(track, frame.time);
  if (!isInside(expected, frame)) return { ...holdTrack(track, 0, frame.time), view: undefined };
  const { decoded, view } = await inferTracked(frame, expected);
  const isSeen = decoded.presence >= threshold;
  if (isCut(track, view, decoded, isSeen)) return undefined;
  return { ...nextTrack(track, decoded, frame, isSeen), view };
}

function nextTrack(track: Track, decoded: DecodedFace, frame: Frame, isSeen: boolean): Track {
  if (!isSeen) return holdTrack(track, decoded.presence, frame.time);
  const next = continueTrack(track, decoded, frame.time);
  if (!isInside(next.last.crop, frame)) return holdTrack(track, 0, frame.time);
  // After a miss, another person may be at this position.
  const isSame = track.live || Number.isFinite(associationCost(track, decoded, next.last.crop, frame.time));
  return isSame ? next : holdTrack(track, 0, frame.time);
}

/**
 * Associates new faces with missed tracks, the lowest cost first; the others get new ids. A missed track ends if its person
 * is found elsewhere.
 */
function associate(tracks: readonly Track[], { faces, time }: Finds, ids: { next: number }): Track[] {
  const pairs = faces
    .flatMap((face) =>
      tracks
        .filter(({ live }) => !live)
        .map((track) => {
          return { face, track, cost: associationCost(track, face, continueTrack(track, face, time).last.crop, time) };
        }),
    )
    .filter(({ cost }) => Number.isFinite(cost))
    .sort((a, b) => a.cost - b.cost);
  const back = new Map<DecodedFace, Track>();
  const taken = new Set<Track>();
  for (const { face, track } of pairs) {
    if (back.has(face) || taken.has(track)) continue;
    back.set(face, track);
    taken.add(track);
  }
  const strangers = faces.filter((face) => !back.has(face));
  const others = tracks.filter(
    (track) => !taken.has(track) && (track.live || !strangers.some((face) => isSamePerson(track, face))),
  );
  const arrived = faces.map((face) => {
    const track = back.get(face);
    return track ? continueTrack(track, face, time) : newTrack(ids.next++, face, time);
  });
  return [...others, ...arrived];
}

/**
 * Of two tracks that meet on one face (one head passes behind the other), the one with the lower cost keeps it. The other
 * is held, or removed where it is so young that it was a duplicate.
 */
function withoutDuplicates(steps: readonly TrackStep[], time: Seconds): Track[] {
  const cost = ({ before, after }: TrackStep) => associationCost(before, after.face, after.last.crop, time);
  const order = [...steps].sort((a, b) => compare(cost(a), cost(b)) || a.before.id - b.before.id);
  const kept: Track[] = [];
  for (const { before, after } of order) {
    const meets = kept.some(({ live, last }) => live && overlap(last.crop, after.last.crop) > SAME_TRACKED);
    if (!after.live || !meets) kept.push(after);
    else if (time - before.born >= DOUBT) kept.push(holdTrack(before, 0, time));
  }
  return kept;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A missed face is kept for a second, one that was never listed is not kept. */
function isKept({ live, listed, last }: Track, time: Seconds): boolean {
  return live || (listed && time >= last.time && time - last.time <= HOLD);
}

/** The faces to keep where there are too many: seen faces first, the longest known first; then those missed last. */
function longestKnown(tracks: readonly Track[], faces: number): Track[] {
  return [...tracks]
    .sort((a, b) => Number(b.live) - Number(a.live) || (a.live ? 0 : b.last.time - a.last.time) || a.id - b.id)
    .slice(0, faces);
}
