import { Subject } from 'rxjs';
import type { Face, Frame } from '../../src/face/types';
import type { Tracker } from '../../src/index';
import { HEIGHT, type MaskFrame, WIDTH } from './clips';

/** Tracks the single face of a clip, smoothed as on the page. */
export interface ClipFollower {
  /** The face in the next frame; undefined where none is seen. */
  look(frame: MaskFrame): Promise<Face | undefined>;
  close(): void;
}

export function followClip(tracker: Tracker): ClipFollower {
  const frames = new Subject<Frame>();
  let settle: { resolve(face: Face | undefined): void; reject(reason: unknown): void } | undefined;
  const subscription = tracker.trackEvery(frames, { keepFrames: true }).subscribe({
    next: ({ frame, faces }) => {
      frame.image.close();
      settle?.resolve(faces.find(({ state }) => state !== 'held'));
    },
    error: (reason) => settle?.reject(reason),
  });
  let index = 0;
  return {
    async look({ picture, time }) {
      const image = await createImageBitmap(new ImageData(picture.data, picture.width, picture.height));
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        frames.next({ image, time, index: index++, width: WIDTH, height: HEIGHT, source: 'clip' });
      });
    },
    close: () => subscription.unsubscribe(),
  };
}
