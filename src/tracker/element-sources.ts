import { Observable } from 'rxjs';
import { elementFrames } from '../capture/element-frames';
import type { Frame } from '../face/types';

type ElementSource = HTMLVideoElement | MediaStream | HTMLCanvasElement | OffscreenCanvas;

/** The frames of a source that is not an Observable; in a file of its own, which is loaded when it is needed. */
export function elementSource(source: ElementSource): Observable<Frame> {
  if ('requestVideoFrameCallback' in source) return elementFrames(source, source.currentSrc || 'video');
  return 'getVideoTracks' in source ? streamFrames(source) : canvasFrames(source);
}

/** The frames of a stream, played in an element of its own. The stream is not stopped. */
function streamFrames(stream: MediaStream): Observable<Frame> {
  return new Observable((subscriber) => {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    subscriber.add(() => {
      video.pause();
      video.srcObject = null;
    });
    subscriber.add(elementFrames(video, stream.getVideoTracks()[0]?.label || 'stream').subscribe(subscriber));
    video.play().catch((reason) => subscriber.error(reason));
  });
}

/** What a canvas shows, once per animation frame. */
function canvasFrames(canvas: HTMLCanvasElement | OffscreenCanvas): Observable<Frame> {
  return new Observable((subscriber) => {
    let index = 0;
    let request = 0;
    const take = (now: number) => {
      request = requestAnimationFrame(take);
      // A canvas without an area cannot be copied.
      if (canvas.width === 0 || canvas.height === 0) return;
      try {
        const image = new VideoFrame(canvas, { timestamp: Math.round(now * 1000) });
        const { displayWidth: width, displayHeight: height } = image;
        subscriber.next({ image, time: now / 1000, index: index++, width, height, source: 'canvas' });
      } catch (reason) {
        subscriber.error(reason);
      }
    };
    request = requestAnimationFrame(take);
    return () => cancelAnimationFrame(request);
  });
}
