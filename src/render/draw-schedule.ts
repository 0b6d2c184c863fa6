/** Draws at most once per animation frame, however often a draw is requested. A hidden tab has no animation frames. */
export class DrawSchedule {
  #handle: number | undefined;

  constructor(private readonly draw: () => void) {}

  /** Whether a draw is requested and not done yet. */
  get pending(): boolean {
    return this.#handle !== undefined;
  }

  /** Draws in the next animation frame; requests made before then are merged into it. */
  request(): void {
    this.#handle ??= requestAnimationFrame(() => {
      this.#handle = undefined;
      this.draw();
    });
  }

  cancel(): void {
    if (this.#handle !== undefined) cancelAnimationFrame(this.#handle);
    this.#handle = undefined;
  }
}
