import { Observable } from 'rxjs';
import {
  ANY_TEXT,
  BLOB,
  checkOptions,
  checkValue,
  FUNCTION,
  OBSERVABLE,
  type OptionCheck,
  TEXT,
  TRUE_OR_FALSE,
} from '../face/check-options';
import type { Frame } from '../face/types';
import { elementFrames } from './element-frames';
import type { PlaybackControl } from './playback-control';
import { Playback, type VideoBrowser, type VideoFileOptions } from './video-playback';

export { videoFileFrames } from './video-file-frames';
export { type VideoBrowser, VideoFileError, type VideoFileOptions } from './video-playback';

const OPTION_CHECKS: Readonly<Record<keyof VideoFileOptions, OptionCheck>> = {
  loop: TRUE_OR_FALSE,
  paused$: OBSERVABLE,
  name: ANY_TEXT,
  onDamage: FUNCTION,
};

/** Throws RangeError for an option that is unknown or not accepted. */
export function checkVideoOptions(options: VideoFileOptions): void {
  checkOptions('options', options, OPTION_CHECKS);
}

const SOURCE: OptionCheck = {
  expected: 'a Blob or an address',
  accepts: (value) => BLOB.accepts(value) || TEXT.accepts(value),
};

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
  return new Observable((subscriber) => new Playback(source, options, browser, subscriber).start());
}

/** As `videoFile`, but the caller controls position, range and speed. Never completes. */
export function controlledVideo(
  source: Blob | string,
  options: VideoFileOptions,
  control: PlaybackControl,
  browser: VideoBrowser = thisBrowser(),
): Observable<Frame> {
  return new Observable((subscriber) => new Playback(source, options, browser, subscriber, control).start());
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
    load: loadBlob,
    findFault: async (blob, name) => (await import('./video-fault')).videoFault(blob, name),
    explain: async (blob, name) => (await import('./video-fault')).undecodableVideo(blob, name),
    findDamage: async (blob) => (await import('./video-damage')).videoDamage(blob),
  };
}

async function loadBlob(url: string): Promise<Blob | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? await response.blob() : undefined;
  } catch {
    return undefined;
  }
}
