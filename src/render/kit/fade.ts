import type { FilterFace } from '../filter/definition';

/** Seconds from fully visible to invisible. */
const DURATION = 0.3;

/** Opacity of an effect: 1 while the face is visible, fading out while it is held. One instance per face. */
export class Fade {
  #amount = 1;

  /** The opacity, 0 to 1. Call it once per frame. */
  step({ state, dt }: Pick<FilterFace, 'state' | 'dt'>): number {
    const way = dt / DURATION;
    this.#amount = Math.min(Math.max(this.#amount + (state === 'held' ? -way : way), 0), 1);
    return this.#amount;
  }
}
