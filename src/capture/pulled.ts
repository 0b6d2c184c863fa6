import { Observable, type Subscriber } from 'rxjs';
import type { Frame } from '../face/types';

/**
 * Frames that are pushed to a subscriber or pulled one after the other (for await), so that frames do not queue for a slow
 * consumer. Each subscription and each iteration starts from the beginning.
 */
export type PulledFrames = Observable<Frame> & AsyncIterable<Frame>;

/** Makes frames from a generator. Its `finally` runs when the consumer stops early. */
export function pulledFrames(generate: () => AsyncGenerator<Frame, void, void>): PulledFrames {
  const pushed = new Observable<Frame>((subscriber) => {
    const frames = generate();
    push(frames, subscriber).catch((reason) => subscriber.error(reason));
  });
  return Object.assign(pushed, { [Symbol.asyncIterator]: generate });
}

async function push(frames: AsyncGenerator<Frame, void, void>, subscriber: Subscriber<Frame>): Promise<void> {
  for await (const frame of frames) {
    if (subscriber.closed) {
      frame.image.close();
      return;
    }
    subscriber.next(frame);
    if (subscriber.closed) return;
  }
  subscriber.complete();
}
