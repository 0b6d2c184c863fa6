import type { Seconds } from '../../face/types';
import type { FilterFace } from '../filter/definition';

/** Seconds from fully visible to invisible. */
const DURATION = 0.3;

/**
 * Opacity of an effect: 1 while the face is visible, fading out while it is held, in frame time. One instance per place; a
 * new face starts at 1.
 */
export class Fade {
  #amount = 1;
  #id: number | undefined;
  #time: Seconds = 0;

  /** The opacity, 0 to 1. Call it once per frame. */
  step({ id, state, time }: Pick<FilterFace, 'id' | 'state' | 'time'>): number {
    if (id !== this.#id) this.#amount = 1;
    const way = id === this.#id ? Math.max(0, time - this.#time) / DURATION : 0;
    this.#id = id;
    this.#time = time;
    this.#amount = Math.min(Math.max(this.#amount + (state === 'held' ? -way : way), 0), 1);
    return this.#amount;
  }
}
