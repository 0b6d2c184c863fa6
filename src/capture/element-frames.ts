import { Observable } from 'rxjs';
import type { Frame } from '../face/types';

/** The members of a video element that are used here. */
export type PlayingVideo = Pick<
  HTMLVideoElement,
  'requestVideoFrameCallback' | 'cancelVideoFrameCallback' | 'videoWidth' | 'videoHeight'
>;

/**
 * Each frame that a playing video element presents, copied as a VideoFrame. `time` is the media's clock; restarts of a loop
 * are added, so that time always increases. Frames that the element skips are missing; `videoFileFrames` gives every frame
 * of a file. Never completes. Errors when a frame cannot be copied.
 */
export function elementFrames(
  video: PlayingVideo,
  source: string,
  take: (video: PlayingVideo, time: number) => VideoFrame = takeVideoFrame,
): Observable<Frame> {
  return new Observable((subscriber) => {
    let index = 0;
    let last = -Infinity;
    let shift = 0;
    let request = 0;
    const present = (_now: number, metadata: VideoFrameCallbackMetadata) => {
      request = video.requestVideoFrameCallback(present);
      let time = metadata.mediaTime + shift;
      if (time === last) return;
      if (time < last) {
        shift += last - time + 1 / 25;
        time = metadata.mediaTime + shift;
      }
      last = time;
      try {
        const image = take(video, time);
        subscriber.next({ image, time, index, width: image.displayWidth, height: image.displayHeight, source });
        index += 1;
      } catch (reason) {
        subscriber.error(reason);
      }
    };
    request = video.requestVideoFrameCallback(present);
    return () => video.cancelVideoFrameCallback(request);
  });
}

function takeVideoFrame(video: PlayingVideo, time: number): VideoFrame {
  return new VideoFrame(video as HTMLVideoElement, { timestamp: Math.round(time * 1e6) });
}
