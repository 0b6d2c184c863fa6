import { Observable } from 'rxjs';
import type { Frame } from '../face/types';
import { elementFrames, type PlayingVideo } from './element-frames';

export { videoFileFrames } from './video-file-frames';

export interface VideoFileOptions {
  /** Start anew at the end. Default false. */
  readonly loop?: boolean;
  /** True pauses, false plays on. */
  readonly paused$?: Observable<boolean>;
  /** For people. Default: the file's name, or the last part of the address. */
  readonly name?: string;
}

/** A video that does not play; the message says what to do about it. */
export class VideoFileError extends Error {
  override readonly name = 'VideoFileError';
}

/** An element that plays, as far as it is needed here. */
export type VideoElement = PlayingVideo &
  Pick<
    HTMLVideoElement,
    'src' | 'loop' | 'muted' | 'error' | 'play' | 'pause' | 'load' | 'removeAttribute' | 'addEventListener'
  >;

/** What the browser does for a video file; given as doubles in tests. */
export interface VideoFileParts {
  readonly createVideo: () => VideoElement;
  readonly createUrl: (blob: Blob) => string;
  readonly revokeUrl: (url: string) => void;
  readonly elementFrames: typeof elementFrames;
}

/**
 * Plays a video in its own time, without sound, and gives the frames it presents; slow users see fewer of them.
 * Completes at the end unless `loop`. Errors with a VideoFileError.
 */
export function videoFile(
  source: Blob | string,
  options: VideoFileOptions = {},
  parts: VideoFileParts = browserParts(),
): Observable<Frame> {
  return new Observable((subscriber) => {
    const name = options.name ?? nameOf(source);
    const url = typeof source === 'string' ? source : parts.createUrl(source);
    const video = parts.createVideo();
    video.muted = true;
    video.loop = options.loop ?? false;
    const fail = (reason?: unknown) => subscriber.error(playError(name, video.error, reason));
    video.addEventListener('error', () => fail());
    video.addEventListener('ended', () => subscriber.complete());
    subscriber.add(() => {
      video.pause();
      video.removeAttribute('src');
      video.load();
      if (typeof source !== 'string') parts.revokeUrl(url);
    });
    subscriber.add(
      parts.elementFrames(video, name).subscribe({ next: (frame) => subscriber.next(frame), error: fail }),
    );
    video.src = url;
    let paused = false;
    const play = () => {
      // `play()` is rejected when `pause()` or the teardown comes first: that is no failure.
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
  const said = error?.message || (reason instanceof Error ? reason.message : '');
  const detail = said ? ` (${said})` : '';
  if (error?.code === 2)
    return new VideoFileError(`${name}: the video could not be loaded to its end${detail}. Open it again.`);
  return new VideoFileError(
    `${name}: this browser cannot play the video${detail}. Convert it to MP4 (H.264) or WebM, or open another one.`,
  );
}

function browserParts(): VideoFileParts {
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
