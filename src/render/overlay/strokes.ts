/** Thick lines and dots as quads in frame pixels. Pure. */

export type Tone = readonly [number, number, number, number];

/** A line with round ends; a dot where both ends are equal. Lengths in frame pixels. */
export interface Stroke {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly radius: number;
  readonly tone: Tone;
}

/** Vertex arrays for up to `capacity` strokes, 4 vertices each; unused ones are degenerate. */
export class StrokeBuffer {
  /** (x, y, 0) per vertex. */
  readonly positions: Float32Array;
  /** (along, across, length, radius) per vertex. */
  readonly capsules: Float32Array;
  /** Colour and opacity per vertex. */
  readonly tones: Float32Array;
  readonly indices: Uint32Array;
  #count = 0;

  constructor(readonly capacity: number) {
    this.positions = new Float32Array(12 * capacity);
    this.capsules = new Float32Array(16 * capacity);
    this.tones = new Float32Array(16 * capacity);
    this.indices = new Uint32Array(6 * capacity);
    for (let i = 0; i < capacity; i++)
      this.indices.set(
        [0, 1, 2, 0, 2, 3].map((corner) => 4 * i + corner),
        6 * i,
      );
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.positions.fill(0, 0, 12 * this.#count);
    this.#count = 0;
  }

  /** Ignores strokes beyond the capacity. `margin`: width of the soft edge, frame pixels. */
  add({ x1, y1, x2, y2, radius, tone }: Stroke, margin: number): void {
    if (this.#count >= this.capacity) return;
    const length = Math.hypot(x2 - x1, y2 - y1);
    const ux = length > 0 ? (x2 - x1) / length : 1;
    const uy = length > 0 ? (y2 - y1) / length : 0;
    const reach = radius + margin;
    for (let corner = 0; corner < 4; corner++) {
      const along = corner === 0 || corner === 3 ? -reach : length + reach;
      const across = corner < 2 ? -reach : reach;
      const vertex = 4 * this.#count + corner;
      this.positions[3 * vertex] = x1 + ux * along - uy * across;
      this.positions[3 * vertex + 1] = y1 + uy * along + ux * across;
      this.capsules.set([along, across, length, radius], 4 * vertex);
      this.tones.set(tone, 4 * vertex);
    }
    this.#count++;
  }
}
