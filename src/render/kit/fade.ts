import type { FilterFace } from '../filter/definition';

/** Seconds from all to nothing. */
const DURATION = 0.3;

/** How much of an effect to show: all of it while the face is seen, fading while it is only held. One for each face. */
export class Fade {
  #amount = 1;

  /** To be called once a frame; 0 to 1. */
  step({ state, dt }: Pick<FilterFace, 'state' | 'dt'>): number {
    const way = dt / DURATION;
    this.#amount = Math.min(Math.max(this.#amount + (state === 'held' ? -way : way), 0), 1);
    return this.#amount;
  }
}
