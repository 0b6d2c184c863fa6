import type { Seconds } from '../face/types';

/** Interval between the frames before and after a restart, seconds. */
const RESTART_GAP = 1 / 25;
/** A seek over a shorter distance, for example to the next frame, continues the motion. */
const SHORT_SEEK = 0.2;
/** Times that differ by less are those of one frame; browsers round them. */
const SAME = 0.0005;
/** Cuts that are remembered. Frames in progress are a few frames old. */
const MOST_CUTS = 64;

/** Where the times of frames begin to differ from the media's times by another amount. */
interface Cut {
  /** Time of the first frame after the cut. */
  readonly from: Seconds;
  /** Frame time minus media time. */
  readonly shift: Seconds;
}

/**
 * Converts the times of a media element, which jump when it is seeked or restarts, to increasing times of frames, and
 * back.
 */
export class MediaClock {
  #last = Number.NEGATIVE_INFINITY;
  #lastMedia = Number.NEGATIVE_INFINITY;
  #target: Seconds | undefined;
  #cuts: Cut[] = [{ from: Number.NEGATIVE_INFINITY, shift: 0 }];

  /** The element is being seeked to a time: the frame there is a cut unless it follows the last one closely. */
  seek(target: Seconds): void {
    this.#target = target;
  }

  /**
   * The time of the frame that the element presents; undefined if it is the frame that was presented last. NaN stands for
   * that frame, which is then read again, as a cut.
   */
  read(media: Seconds): Seconds | undefined {
    if (Number.isNaN(media)) return this.#again();
    if (Math.abs(media - this.#lastMedia) < SAME) return undefined;
    const isBackwards = media < this.#lastMedia;
    const isCut = isBackwards || (this.#target !== undefined && media > this.#lastMedia + SHORT_SEEK);
    if (isCut && Number.isFinite(this.#last)) this.#cut(media);
    // A frame from before the seek may still be presented.
    if (isCut || Math.abs(media - (this.#target ?? media)) < SHORT_SEEK) this.#target = undefined;
    this.#lastMedia = media;
    this.#last = media + this.#shift;
    return this.#last;
  }

  /** Whether the frame at this time does not continue the one before it: a seek or a restart is in between. */
  isCut(time: Seconds): boolean {
    return this.#cuts.some(({ from }) => from === time);
  }

  /** The media's time of a frame. */
  mediaTime(time: Seconds): Seconds {
    return time - (this.#cuts.findLast(({ from }) => from <= time)?.shift ?? 0);
  }

  get #shift(): Seconds {
    return this.#cuts.at(-1)?.shift ?? 0;
  }

  #again(): Seconds | undefined {
    if (!Number.isFinite(this.#last)) return undefined;
    this.#cut(this.#lastMedia);
    this.#last = this.#lastMedia + this.#shift;
    return this.#last;
  }

  #cut(media: Seconds): void {
    const shift = this.#last + RESTART_GAP - media;
    this.#cuts = [...this.#cuts.slice(1 - MOST_CUTS), { from: media + shift, shift }];
  }
}
