import type { Observable, Subscriber } from 'rxjs';
import type { Frame, Seconds } from '../face/types';
import type { elementFrames, PlayingVideo } from './element-frames';
import type { ControlledVideo, PlaybackControl } from './playback-control';

export interface VideoFileOptions {
  /** Restart at the end, and before a damaged part. Default false. */
  readonly loop?: boolean;
  /** True pauses, false resumes. */
  readonly paused$?: Observable<boolean>;
  /** Name for display. Default: the file's name, or the last part of the address. */
  readonly name?: string;
  /** Called once if the file is damaged from this time on. The part before it is played. */
  readonly onDamage?: (from: Seconds) => void;
}

/** A video that cannot be played; the message gives the reason and says what to do. */
export class VideoFileError extends Error {
  override readonly name = 'VideoFileError';
}

/** The members of a video element that are used here. */
export type VideoElement = PlayingVideo &
  ControlledVideo &
  Pick<
    HTMLVideoElement,
    | 'src'
    | 'loop'
    | 'muted'
    | 'error'
    | 'currentTime'
    | 'play'
    | 'pause'
    | 'load'
    | 'removeAttribute'
    | 'addEventListener'
  >;

/** The browser's functions for video files; doubles in tests. */
export interface VideoBrowser {
  readonly createVideo: () => VideoElement;
  readonly createUrl: (blob: Blob) => string;
  readonly revokeUrl: (url: string) => void;
  readonly elementFrames: typeof elementFrames;
  /** The file at an address; undefined where it cannot be loaded. Never rejects. */
  readonly load: (url: string) => Promise<Blob | undefined>;
  /** As `videoFault`, `undecodableVideo` and `videoDamage`. */
  readonly findFault: (blob: Blob, name: string) => Promise<string | undefined>;
  readonly explain: (blob: Blob, name: string) => Promise<string>;
  readonly findDamage: (blob: Blob) => Promise<Seconds | undefined>;
}

/** Seconds of undamaged video that are worth repeating. */
const SHORTEST = 0.5;
/** MediaError.MEDIA_ERR_NETWORK. */
const NETWORK_ERROR = 2;

/** One subscription to a video file. */
export class Playback {
  readonly #name: string;
  readonly #url: string;
  readonly #video: VideoElement;
  #paused = false;
  #damage: Seconds | undefined;
  #failing = false;

  constructor(
    private readonly source: Blob | string,
    private readonly options: VideoFileOptions,
    private readonly browser: VideoBrowser,
    private readonly subscriber: Subscriber<Frame>,
    private readonly control?: PlaybackControl,
  ) {
    this.#name = options.name ?? nameOf(source);
    this.#url = typeof source === 'string' ? source : browser.createUrl(source);
    this.#video = browser.createVideo();
  }

  start(): void {
    const { subscriber, browser, options, control } = this;
    const video = this.#video;
    video.muted = true;
    video.loop = options.loop ?? false;
    video.addEventListener('error', () => this.#onError());
    control?.attach(video);
    // A controlled video can be played again from its end.
    if (!control) video.addEventListener('ended', () => subscriber.complete());
    // A file without a decodable video track plays its sound only.
    video.addEventListener('loadedmetadata', () => video.videoWidth === 0 && this.#fail());
    subscriber.add(() => this.#release());
    subscriber.add(
      browser
        .elementFrames(video, this.#name, undefined, control)
        .subscribe({ next: (frame) => this.#emit(frame), error: () => this.#fail() }),
    );
    video.src = this.#url;
    subscriber.add(
      options.paused$?.subscribe((paused) => {
        this.#paused = paused;
        if (paused) video.pause();
        else {
          control?.rewindAtEnd();
          this.#play();
        }
      }),
    );
    if (!options.paused$) this.#play();
    void this.#check();
  }

  #emit(frame: Frame): void {
    const { control } = this;
    control?.present(control.clock.mediaTime(frame.time));
    this.subscriber.next(frame);
  }

  /** Looks for faults in the file while it starts to play. */
  async #check(): Promise<void> {
    const { source, browser } = this;
    if (typeof source === 'string') return;
    const fault = await browser.findFault(source, this.#name);
    if (fault) this.subscriber.error(new VideoFileError(fault));
    else if (this.options.onDamage && !this.subscriber.closed) {
      const from = await browser.findDamage(source);
      if (from !== undefined) this.#reportDamage(from);
    }
  }

  #play(): void {
    this.#video.play().catch((reason) => {
      // `play()` rejects when `pause()` or the teardown comes first; that is not an error.
      if (this.#paused || this.subscriber.closed) return;
      const isRefused = reason instanceof Error && reason.name === 'NotAllowedError';
      this.#fail(isRefused ? `${this.#name}: the browser does not start the video. Open it again.` : undefined);
    });
  }

  /** A decoder that fails after some frames: a looping video starts again, so that the part before is repeated. */
  #onError(): void {
    const { currentTime } = this.#video;
    if (currentTime >= SHORTEST) this.#reportDamage(currentTime);
    if (currentTime >= SHORTEST && this.options.loop) {
      this.#video.src = this.#url;
      if (!this.#paused) this.#play();
    } else {
      const from = this.#damage === undefined ? undefined : clock(this.#damage);
      this.#fail(from && `${this.#name} is damaged from ${from}. Copy or download it again, or open another file.`);
    }
  }

  #reportDamage(from: Seconds): void {
    if (this.#damage !== undefined || this.subscriber.closed) return;
    this.#damage = from;
    this.options.onDamage?.(from);
  }

  #fail(known?: string): void {
    if (this.#failing) return;
    this.#failing = true;
    if (known !== undefined) this.subscriber.error(new VideoFileError(known));
    else void this.#explain().then((message) => this.subscriber.error(new VideoFileError(message)));
  }

  async #explain(): Promise<string> {
    const { source, browser } = this;
    const name = this.#name;
    const isLoaded = this.#video.error?.code !== NETWORK_ERROR;
    const blob = isLoaded && typeof source === 'string' ? await browser.load(source) : source;
    if (!isLoaded || blob === undefined || typeof blob === 'string')
      return `${name}: the video could not be loaded completely. Open it again.`;
    return (await browser.findFault(blob, name)) ?? (await browser.explain(blob, name));
  }

  #release(): void {
    const video = this.#video;
    this.control?.detach();
    video.pause();
    video.removeAttribute('src');
    video.load();
    if (typeof this.source !== 'string') this.browser.revokeUrl(this.#url);
  }
}

/** Minutes and seconds: 0:21. */
export function clock(seconds: Seconds): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function nameOf(source: Blob | string): string {
  if (typeof source === 'string') return source.split('/').pop() ?? source;
  return source instanceof File ? source.name : 'video';
}
