/** The frame rate over a sliding window. */
export class FrameRate {
  readonly #times: number[] = [];

  /** `window`: length of the window in milliseconds. */
  constructor(private readonly window = 1500) {}

  /** Counts a frame at `now` (milliseconds) and returns the frames per second; 0 after the first frame. */
  add(now: number): number {
    this.#times.push(now);
    while (now - (this.#times[0] ?? now) > this.window) this.#times.shift();
    const first = this.#times[0] ?? now;
    return now > first ? (1000 * (this.#times.length - 1)) / (now - first) : 0;
  }

  reset(): void {
    this.#times.length = 0;
  }
}
