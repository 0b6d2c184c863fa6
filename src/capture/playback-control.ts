import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { Seconds } from '../face/types';
import { MediaClock } from './media-clock';

/** The members of a video element that are used here. */
export type ControlledVideo = Pick<
  HTMLVideoElement,
  'currentTime' | 'duration' | 'seeking' | 'paused' | 'playbackRate' | 'loop' | 'play' | 'addEventListener'
>;

/** The part of a video that is played, and how. */
export interface PlaybackRange {
  /** The first time that is played. */
  readonly start: Seconds;
  /** The last time that is played; undefined for the end of the video. */
  readonly end?: Seconds;
  /** Continue at `start` after the end; otherwise playing stops there. */
  readonly loop: boolean;
}

export interface PlaybackPosition {
  /** Time of the presented frame, or the time that is being seeked to. */
  readonly time: Seconds;
  /** Undefined while it is unknown; some recordings do not declare it. */
  readonly duration?: Seconds;
}

/** Step where the times of the frames are unknown. */
const USUAL_STEP = 1 / 30;
/** Tolerance when times are compared; browsers round them to microseconds. */
const TOLERANCE = 0.002;
/** Milliseconds after a seek within which browsers report the frame, as a rule. */
const REPORTED = 400;

/**
 * Controls the element that plays a video: position, range, speed. It may be controlled before the element exists and
 * while it is loading. Only one seek runs at a time; of those that are requested meanwhile, the last one follows.
 */
export class PlaybackControl {
  readonly clock = new MediaClock();
  readonly #position$ = new BehaviorSubject<PlaybackPosition>({ time: 0 });
  readonly position$: Observable<PlaybackPosition> = this.#position$;
  readonly #ended$ = new Subject<void>();
  /** Playing has reached the end of the range, and the range is not looped. */
  readonly ended$: Observable<void> = this.#ended$;
  readonly #unreported$ = new Subject<Seconds>();
  /** Emits the time of the frame that a seek shows, if the browser has not reported it; some do not always. */
  readonly unreported$: Observable<Seconds> = this.#unreported$;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #video: ControlledVideo | undefined;
  #range: PlaybackRange = { start: 0, loop: true };
  #speed = 1;
  #frameTimes: readonly Seconds[] = [];
  #duration: Seconds | undefined;
  /** The next seek; it follows the one that is running. */
  #next: Seconds | undefined;
  /** Playing has ended, and nothing was sought since then. */
  #hasEnded = false;

  get position(): PlaybackPosition {
    return this.#position$.value;
  }

  /** Takes control of an element. `present` reports its frames. */
  attach(video: ControlledVideo): void {
    this.#video = video;
    this.#applyLoop();
    video.addEventListener('loadedmetadata', () => this.#onLoaded());
    video.addEventListener('durationchange', () => this.#onDuration());
    video.addEventListener('seeked', () => this.#onSeeked());
    // A slow page may not present the frame at the out point.
    video.addEventListener('timeupdate', () => this.#checkEnd(video.currentTime));
    video.addEventListener('ended', () => this.#onEnd());
  }

  detach(): void {
    clearTimeout(this.#watch);
    this.#video = undefined;
  }

  /** A frame was presented. */
  present(time: Seconds): void {
    if (this.#next !== undefined || this.#video?.seeking) return;
    clearTimeout(this.#watch);
    this.#move(time);
    this.#checkEnd(time);
  }

  /** Emits the frame that is shown once more, if the video is paused. */
  refresh(): void {
    if (this.#video?.paused && !this.#video.seeking) this.#unreported$.next(Number.NaN);
  }

  /** Shows the frame at a time, limited to the video. */
  seek(time: Seconds): void {
    const limited = Math.min(Math.max(time, 0), this.#lastTime);
    const target = this.#frameTimes.length === 0 ? limited : this.#middleOf(this.#frameAt(limited));
    this.#hasEnded = false;
    this.#next = target;
    this.#move(target);
    if (this.#video && !this.#video.seeking) this.#seekNext();
  }

  /** Shows the frame that many frames after the current one; negative numbers step back. */
  step(frames: number): void {
    const { time } = this.position;
    const times = this.#frameTimes;
    if (times.length === 0) {
      this.seek(time + frames * USUAL_STEP);
      return;
    }
    const target = Math.min(Math.max(this.#frameAt(time) + frames, 0), times.length - 1);
    this.seek(this.#middleOf(target));
  }

  setRange(range: PlaybackRange): void {
    this.#range = range;
    this.#applyLoop();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    if (this.#video) this.#video.playbackRate = speed;
  }

  /** `times`: the start of each frame in increasing order; `end`: the end of the last one. */
  setFrames(times: readonly Seconds[], end: Seconds): void {
    this.#frameTimes = times;
    this.#duration ??= end;
    this.#move(this.position.time);
  }

  /** Call it before playing continues: from the end of the range, playing starts at its beginning. */
  rewindAtEnd(): void {
    const { start, end = this.#lastTime } = this.#range;
    if (this.#hasEnded || this.position.time >= Math.min(end, this.#lastTime) - TOLERANCE) this.seek(start);
  }

  /** The largest time that shows a frame: a seek to the end itself shows none in some browsers. */
  get #lastTime(): Seconds {
    const last = this.#frameTimes.at(-1);
    return last ?? Math.max(0, (this.#duration ?? Number.POSITIVE_INFINITY) - USUAL_STEP);
  }

  /** The frame that is shown at a time. */
  #frameAt(time: Seconds): number {
    return Math.max(
      0,
      this.#frameTimes.findLastIndex((start) => start <= time + TOLERANCE),
    );
  }

  /** Half way through a frame, so that rounding cannot select its neighbour. */
  #middleOf(index: number): Seconds {
    const start = this.#frameTimes[index] ?? 0;
    const end = this.#frameTimes[index + 1] ?? start;
    return (start + end) / 2;
  }

  #onLoaded(): void {
    if (this.#video) this.#video.playbackRate = this.#speed;
    this.#onDuration();
    if (this.#next !== undefined) this.#seekNext();
  }

  #onDuration(): void {
    const duration = this.#video?.duration;
    if (duration !== undefined && Number.isFinite(duration)) this.#duration = duration;
    this.#move(this.position.time);
  }

  #onSeeked(): void {
    if (this.#next !== undefined) {
      this.#seekNext();
      return;
    }
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      const { currentTime, seeking = true } = this.#video ?? {};
      if (currentTime !== undefined && !seeking)
        this.#unreported$.next(this.#frameTimes[this.#frameAt(currentTime)] ?? currentTime);
    }, REPORTED);
  }

  #seekNext(): void {
    if (this.#next === undefined || !this.#video) return;
    const target = Math.min(this.#next, this.#lastTime);
    this.#next = undefined;
    this.clock.seek(target);
    this.#video.currentTime = target;
  }

  #checkEnd(time: Seconds): void {
    const { end } = this.#range;
    if (end === undefined || this.#next !== undefined || this.#video?.seeking || this.#video?.paused !== false) return;
    if (time >= end - TOLERANCE) this.#onEnd();
  }

  #onEnd(): void {
    const { start, end, loop } = this.#range;
    if (!loop) {
      // A slow page may already be beyond the out point: it returns to the frame there.
      if (end !== undefined && this.#video && this.#video.currentTime > end + USUAL_STEP) this.seek(end);
      this.#hasEnded = true;
      this.#ended$.next();
      return;
    }
    this.seek(start);
    // At its end, an element pauses itself. `play` rejects if the element is removed; nothing is left to play then.
    if (this.#video?.paused) this.#video.play().catch(() => undefined);
  }

  /** The whole video is repeated by the element itself, without a gap. */
  #applyLoop(): void {
    const { start, end, loop } = this.#range;
    if (this.#video) this.#video.loop = loop && start === 0 && end === undefined;
  }

  #move(time: Seconds): void {
    this.#position$.next({ time, ...(this.#duration === undefined ? {} : { duration: this.#duration }) });
  }
}
