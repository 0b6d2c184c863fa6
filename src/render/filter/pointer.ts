import type { Pointer } from './definition';

/** Follows the mouse or finger over the canvas until it is disposed. */
export class FilterPointer implements Pointer {
  x = 0;
  y = 0;
  down = false;
  seen = false;
  readonly #abort = new AbortController();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onMove: () => void,
  ) {
    const { signal } = this.#abort;
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerdown', (event) => this.#move(event, true), { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      addEventListener(end, () => this.#release(), { signal });
    }
  }

  dispose(): void {
    this.#abort.abort();
  }

  #move({ clientX, clientY }: PointerEvent, down = this.down): void {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    this.x = (2 * (clientX - left)) / width - 1;
    this.y = 1 - (2 * (clientY - top)) / height;
    this.down = down;
    this.seen = true;
    this.onMove();
  }

  #release(): void {
    if (!this.down) return;
    this.down = false;
    this.onMove();
  }
}
