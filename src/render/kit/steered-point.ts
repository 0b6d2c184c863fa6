import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Seconds } from '../../face/types';
import type { FilterContext } from '../filter/definition';

/** Millimetres per key press. */
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
  /** Its position, x and y in mm, before the user moves it. */
  idle(time: Seconds): readonly [number, number];
}

/**
 * A point in the scene's axes that the user moves with the pointer or the arrow keys. One per face; `dispose` removes
 * the key listener.
 */
export class SteeredPoint {
  readonly position = new Vector3();
  /** Position after key presses; valid until the pointer moves. */
  #keyed: { readonly at: Vector3; readonly pointer: string } | undefined;
  readonly #stop = new AbortController();

  constructor(
    private readonly context: Pick<FilterContext, 'pointer' | 'pointerAt'>,
    private readonly options: SteeredOptions,
  ) {
    // Before the page's own shortcuts for these keys.
    addEventListener('keydown', (event) => this.#press(event), { signal: this.#stop.signal, capture: true });
  }

  /** Call it once per frame. */
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

  #press(event: KeyboardEvent): void {
    const step = event.target instanceof HTMLInputElement ? undefined : KEYS[event.key];
    if (!step) return;
    this.#keyed = { at: this.position.add(new Vector3(...step, 0)), pointer: this.#pointer() };
    event.preventDefault();
  }

  #pointer(): string {
    return `${this.context.pointer.x} ${this.context.pointer.y}`;
  }
}
