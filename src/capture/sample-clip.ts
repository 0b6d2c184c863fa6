import { defer, type Observable } from 'rxjs';
import type { Frame } from '../face/types';
import { type PulledFrames, pulledFrames } from './pulled';
import { checkVideoOptions, VideoFileError, type VideoFileOptions, videoFile, videoFileFrames } from './video-file';

export const SAMPLE_NAME = 'sample clip';

/** Address of the sample clip, relative to the page. */
export function sampleClipUrl(): string {
  return new URL('generated/sample.mp4', document.baseURI).href;
}

/** Plays Peekaboo's sample clip: one man, 53 s, a hand in front of the face towards the end. */
export function sampleClip(options: VideoFileOptions = {}): Observable<Frame> {
  checkVideoOptions(options);
  return defer(() => videoFile(sampleClipUrl(), { loop: true, name: SAMPLE_NAME, ...options }));
}

/** Every frame of the sample clip (1,337). Throws VideoFileError when the file is missing. */
export function sampleClipFrames(): PulledFrames {
  return pulledFrames(async function* () {
    const response = await fetch(sampleClipUrl());
    if (!response.ok) throw new VideoFileError(`The ${SAMPLE_NAME} is missing. Run: npm run prepare-models`);
    yield* videoFileFrames(await response.blob(), { name: SAMPLE_NAME });
  });
}
