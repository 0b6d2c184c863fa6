import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Seconds } from '../../face/types';
import type { FilterContext } from '../filter/definition';

/** Millimetres a key press. */
const STEP = 12;
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

export interface SteeredOptions {
  /** Millimetres from the head's middle towards the viewer. */
  readonly depth: number;
  /** Where it is, x and y mm, until somebody moves it. */
  idle(time: Seconds): readonly [number, number];
}

/**
 * A point in the scene's axes that the person moves: it follows the pointer over the picture, or the arrow keys. One for
 * each face; `dispose` takes it off the keys.
 */
export class SteeredPoint {
  readonly position = new Vector3();
  /** Where the keys have moved it, while the pointer rests where it was then. */
  #keyed: { readonly at: Vector3; readonly pointer: string } | undefined;
  readonly #stop = new AbortController();

  constructor(
    private readonly context: Pick<FilterContext, 'pointer' | 'pointerAt'>,
    private readonly options: SteeredOptions,
  ) {
    addEventListener('keydown', (event) => this.#press(event), { signal: this.#stop.signal });
  }

  /** To be called once a frame. */
  step(time: Seconds): Vector3 {
    const { pointer, pointerAt } = this.context;
    const { depth, idle } = this.options;
    if (this.#keyed?.pointer !== this.#pointer()) this.#keyed = undefined;
    if (this.#keyed) this.position.copyFrom(this.#keyed.at);
    else if (pointer.seen) this.position.copyFrom(pointerAt(depth));
    else this.position.copyFromFloats(...idle(time), depth);
    return this.position;
  }

  dispose(): void {
    this.#stop.abort();
  }

  #press({ key, target }: KeyboardEvent): void {
    const step = target instanceof HTMLInputElement ? undefined : KEYS[key];
    if (step) this.#keyed = { at: this.position.add(new Vector3(...step, 0)), pointer: this.#pointer() };
  }

  #pointer(): string {
    return `${this.context.pointer.x} ${this.context.pointer.y}`;
  }
}
