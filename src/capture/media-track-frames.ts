import { Observable } from 'rxjs';
import type { Frame } from '../face/types';

/**
 * Each frame of a camera's track, also while the tab is hidden. Requires MediaStreamTrackProcessor. Completes when the
 * track ends.
 */
export function trackFrames(track: MediaStreamTrack, source: string): Observable<Frame> {
  return new Observable((subscriber) => {
    // A clone, so that stopping it does not stop the camera.
    const clone = track.clone() as MediaStreamVideoTrack;
    const reader = new MediaStreamTrackProcessor({ track: clone }).readable.getReader();
    const read = async () => {
      for (let index = 0; ; index += 1) {
        const { value: image, done } = await reader.read();
        if (done || !image) break;
        if (subscriber.closed) {
          image.close();
          return;
        }
        const { displayWidth: width, displayHeight: height } = image;
        subscriber.next({ image, time: image.timestamp / 1e6, index, width, height, source });
      }
      subscriber.complete();
    };
    read().catch((reason) => subscriber.error(reason));
    return () => {
      clone.stop();
      // Cancelling closes the queued frames; it may reject after the end of the track.
      reader.cancel().catch(() => undefined);
    };
  });
}
