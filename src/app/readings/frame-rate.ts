/** Frames a second over the last moment. Pure: told the time. */
export class FrameRate {
  readonly #times: number[] = [];

  /** `window`: milliseconds looked back on. */
  constructor(private readonly window = 1500) {}

  /** Counts a frame at `now` (milliseconds); answers with the rate, 0 after a single frame. */
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
