import { Observable } from 'rxjs';
import type { Frame, Seconds } from '../face/types';
import { MediaClock } from './media-clock';

/** The members of a video element that are used here. */
export type PlayingVideo = Pick<
  HTMLVideoElement,
  'requestVideoFrameCallback' | 'cancelVideoFrameCallback' | 'videoWidth' | 'videoHeight'
>;

/** How the times of frames are read where the caller controls the element. */
export interface FrameClock {
  readonly clock: MediaClock;
  /** Emits the media's time of a frame that is shown although the browser did not report it. */
  readonly unreported$: Observable<Seconds>;
}

/**
 * Each frame that a playing video element presents, copied as a VideoFrame. `time` is the media's clock; restarts of a loop
 * are added, so that time always increases. Frames that the element skips are missing; `videoFileFrames` gives every frame
 * of a file. Never completes. Errors when a frame cannot be copied. `control`: for an element that the caller seeks.
 */
export function elementFrames(
  video: PlayingVideo,
  source: string,
  take: (video: PlayingVideo, time: number) => VideoFrame = takeVideoFrame,
  control?: FrameClock,
): Observable<Frame> {
  return new Observable((subscriber) => {
    const times = control?.clock ?? new MediaClock();
    let index = 0;
    let request = 0;
    const emit = (mediaTime: Seconds) => {
      const time = times.read(mediaTime);
      if (time === undefined) return;
      try {
        const image = take(video, time);
        subscriber.next({ image, time, index, width: image.displayWidth, height: image.displayHeight, source });
        index += 1;
      } catch (reason) {
        subscriber.error(reason);
      }
    };
    const present = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      request = video.requestVideoFrameCallback(present);
      emit(mediaTime);
    };
    request = video.requestVideoFrameCallback(present);
    const unreported = control?.unreported$.subscribe(emit);
    return () => {
      unreported?.unsubscribe();
      video.cancelVideoFrameCallback(request);
    };
  });
}

function takeVideoFrame(video: PlayingVideo, time: number): VideoFrame {
  return new VideoFrame(video as HTMLVideoElement, { timestamp: Math.round(time * 1e6) });
}
