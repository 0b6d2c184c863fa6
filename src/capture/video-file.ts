import { Observable } from 'rxjs';
import {
  ANY_TEXT,
  BLOB,
  checkOptions,
  checkValue,
  OBSERVABLE,
  type OptionCheck,
  TEXT,
  TRUE_OR_FALSE,
} from '../face/check-options';
import type { Frame } from '../face/types';
import { elementFrames, type PlayingVideo } from './element-frames';

export { videoFileFrames } from './video-file-frames';

export interface VideoFileOptions {
  /** Restart at the end. Default false. */
  readonly loop?: boolean;
  /** True pauses, false resumes. */
  readonly paused$?: Observable<boolean>;
  /** Name for display. Default: the file's name, or the last part of the address. */
  readonly name?: string;
}

const OPTION_CHECKS: Readonly<Record<keyof VideoFileOptions, OptionCheck>> = {
  loop: TRUE_OR_FALSE,
  paused$: OBSERVABLE,
  name: ANY_TEXT,
};

/** Throws RangeError for an option that is unknown or not accepted. */
export function checkVideoOptions(options: VideoFileOptions): void {
  checkOptions('options', options, OPTION_CHECKS);
}

const SOURCE: OptionCheck = {
  expected: 'a Blob or an address',
  accepts: (value) => BLOB.accepts(value) || TEXT.accepts(value),
};

/** A video that cannot be played; the message says what to do. */
export class VideoFileError extends Error {
  override readonly name = 'VideoFileError';
}

/** The members of a video element that are used here. */
export type VideoElement = PlayingVideo &
  Pick<
    HTMLVideoElement,
    'src' | 'loop' | 'muted' | 'error' | 'play' | 'pause' | 'load' | 'removeAttribute' | 'addEventListener'
  >;

/** The browser's functions for video files; doubles in tests. */
export interface VideoBrowser {
  readonly createVideo: () => VideoElement;
  readonly createUrl: (blob: Blob) => string;
  readonly revokeUrl: (url: string) => void;
  readonly elementFrames: typeof elementFrames;
}

/**
 * Plays a video at its normal speed, without sound, and emits the frames that the browser presents; a slow consumer gets
 * fewer of them. Completes at the end unless `loop`. Errors with a VideoFileError. Throws RangeError for a source or an
 * option that is not accepted.
 */
export function videoFile(
  source: Blob | string,
  options: VideoFileOptions = {},
  browser: VideoBrowser = thisBrowser(),
): Observable<Frame> {
  checkValue('source', source, SOURCE);
  checkVideoOptions(options);
  return new Observable((subscriber) => {
    const name = options.name ?? nameOf(source);
    const url = typeof source === 'string' ? source : browser.createUrl(source);
    const video = browser.createVideo();
    video.muted = true;
    video.loop = options.loop ?? false;
    const fail = (reason?: unknown) => subscriber.error(playError(name, video.error, reason));
    video.addEventListener('error', () => fail());
    video.addEventListener('ended', () => subscriber.complete());
    subscriber.add(() => {
      video.pause();
      video.removeAttribute('src');
      video.load();
      if (typeof source !== 'string') browser.revokeUrl(url);
    });
    subscriber.add(
      browser.elementFrames(video, name).subscribe({ next: (frame) => subscriber.next(frame), error: fail }),
    );
    video.src = url;
    let paused = false;
    const play = () => {
      // `play()` rejects when `pause()` or the teardown comes first; that is not an error.
      video.play().catch((reason) => (paused || subscriber.closed ? undefined : fail(reason)));
    };
    subscriber.add(
      options.paused$?.subscribe((wanted) => {
        paused = wanted;
        if (wanted) video.pause();
        else play();
      }),
    );
    if (!paused) play();
  });
}

function nameOf(source: Blob | string): string {
  if (typeof source === 'string') return source.split('/').pop() ?? source;
  return source instanceof File ? source.name : 'video';
}

function playError(name: string, error: MediaError | null, reason: unknown): VideoFileError {
  const reported = error?.message || (reason instanceof Error ? reason.message : '');
  const detail = reported ? ` (${reported})` : '';
  if (error?.code === 2)
    return new VideoFileError(`${name}: the video could not be loaded completely${detail}. Open it again.`);
  return new VideoFileError(
    `${name}: this browser cannot play the video${detail}. Convert it to MP4 (H.264) or WebM, or open another one.`,
  );
}

function thisBrowser(): VideoBrowser {
  return {
    createVideo: () => {
      const video = document.createElement('video');
      video.playsInline = true;
      return video;
    },
    createUrl: (blob) => URL.createObjectURL(blob),
    revokeUrl: (url) => URL.revokeObjectURL(url),
    elementFrames,
  };
}
