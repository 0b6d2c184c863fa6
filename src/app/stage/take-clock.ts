import type { Seconds } from '../../face/types';

/**
 * Seconds that a file's clock may advance more than the wall clock between two frames. More is a seek, which is cut
 * out.
 */
const JUMP = 1;

/**
 * The time of a recording of a file: the file's clock with seeks cut out. A long gap on a slow machine is not a seek,
 * and neither is a pause, during which the file's clock stops.
 */
export class TakeClock {
  #shift = 0;
  #last: { readonly time: Seconds; readonly wall: Seconds } | undefined;

  /** The recording's time of a frame, in seconds; `time` on the file's clock, `wall` on the wall clock. */
  read(time: Seconds, wall: Seconds): Seconds {
    const gap = time - (this.#last?.time ?? time);
    if (gap < 0 || gap > wall - (this.#last?.wall ?? wall) + JUMP) this.#shift += 1 / 25 - gap;
    this.#last = { time, wall };
    return time + this.#shift;
  }
}
