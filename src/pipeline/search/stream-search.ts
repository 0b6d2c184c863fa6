import { at } from '../../face/at';
import type { Crop, Frame, Seconds } from '../../face/types';
import type { DecodedFace } from '../../focus/decode';
import { type DetectionArea, tileAreas, turnedAreas, wholeArea } from './detection-areas';
import { type FaceFinding, searchFaces, searchWhole, type TrackSettings } from './find-faces';

/**
 * While no face is seen, every third frame, the first included, is searched as a whole and thoroughly. The others are
 * searched with the short-range detector and in one more area: turned, or a tile.
 */
const THOROUGH_EVERY = 3;
/** Unlikely detections that are tried on one frame. */
const UNLIKELY_TRIES = 3;
/** New faces of one search in a stream; more would delay the next frame noticeably. */
const MOST_AT_ONCE = 4;
const MOST_DEFERRED = 2;

export interface Finds {
  readonly faces: readonly DecodedFace[];
  readonly time: Seconds;
}

/** Searches the frames of one stream for new faces. */
export interface StreamSearch {
  /** The last search found as many faces as it may: there are probably more. */
  readonly foundMost: boolean;
  /** For frames in which no face is seen. */
  findNow(frame: Frame): Promise<DecodedFace[]>;
  /** Keeps a copy of the frame for `runDeferred`, which skips the faces in `known`. */
  defer(frame: Frame, known: readonly Crop[], wanted: number): Promise<void>;
  runDeferred(): Promise<void>;
  /** What the last `runDeferred` found; throws its error. */
  takeFinds(): Finds;
}

interface DeferredSearch {
  readonly frame: Frame;
  readonly known: readonly Crop[];
  readonly wanted: number;
}

/** Searches for new faces: in the current frame, or in a copy of it after it has been delivered. */
export function createStreamSearch(finding: FaceFinding, settings: TrackSettings): StreamSearch {
  let blind = 0;
  let deferred = 0;
  let foundMost = false;
  let waiting: DeferredSearch | undefined;
  let finds: Finds | undefined;
  let failure: { readonly reason: unknown } | undefined;

  const searchDeferred = async ({ frame, known, wanted }: DeferredSearch): Promise<Finds> => {
    const most = Math.min(wanted, MOST_DEFERRED);
    const search = searchFaces(frame, finding, settings, most, known);
    const areas = [wholeArea(frame, 'full'), ...tileAreas(frame)];
    await search.tryArea(wholeArea(frame, 'short'));
    if (search.faces.length < most) await search.tryArea(at(areas, deferred++ % areas.length));
    foundMost = search.faces.length >= most;
    return { faces: search.faces.map(({ face }) => face), time: frame.time };
  };

  return {
    get foundMost() {
      return foundMost;
    },
    async findNow(frame: Frame): Promise<DecodedFace[]> {
      const most = Math.min(settings.faces, MOST_AT_ONCE);
      const search = searchFaces(frame, finding, settings, most);
      const isThorough = blind % THOROUGH_EVERY === 0;
      await searchWhole(search, frame, most, isThorough ? UNLIKELY_TRIES : 0);
      if (!isThorough && search.faces.length === 0) await search.tryArea(furtherArea(frame, blind));
      blind = search.faces.length > 0 ? 0 : blind + 1;
      foundMost = search.faces.length >= most;
      return search.faces.map(({ face }) => face);
    },
    async defer(frame: Frame, known: readonly Crop[], wanted: number): Promise<void> {
      blind = 0;
      foundMost = false;
      waiting = { frame: await finding.copy(frame), known, wanted };
    },
    async runDeferred(): Promise<void> {
      const job = waiting;
      waiting = undefined;
      if (!job) return;
      try {
        finds = await searchDeferred(job);
      } catch (reason) {
        failure = { reason };
      } finally {
        job.frame.image.close();
      }
    },
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

/** The area that is searched in the `blind`th frame without a face, besides the whole frame: in turn all turns and tiles. */
function furtherArea(frame: Frame, blind: number): DetectionArea {
  const round = Math.floor(blind / THOROUGH_EVERY);
  const areas = blind % THOROUGH_EVERY === 1 ? turnedAreas(frame) : tileAreas(frame);
  return at(areas, round % areas.length);
}
