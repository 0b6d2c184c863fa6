/** Numbers that are added one after another; the memory doubles when it is full. */
export class Numbers {
  #data = new Float32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(values: ArrayLike<number>): void {
    while (this.#length + values.length > this.#data.length) {
      const larger = new Float32Array(2 * this.#data.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(values, this.#length);
    this.#length += values.length;
  }

  /** The numbers added so far, as a copy. */
  values(): Float32Array<ArrayBuffer> {
    return this.#data.slice(0, this.#length);
  }
}
