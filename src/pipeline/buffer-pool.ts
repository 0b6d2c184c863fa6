/** A buffer on loan. It belongs to the borrower until `release`; it keeps old content. */
export interface Loan<T> {
  /** At least as long as requested. */
  readonly buffer: T;
  /** Returns the buffer to the pool. Throws when it was returned before: another call may own it by now. */
  release(): void;
}

/** Buffers that are reused. Overlapping loans get different buffers. */
export interface BufferPool<T> {
  borrow(length: number): Loan<T>;
}

/** Lengths are rounded up to a multiple of this, so that a box that grows by a few pixels needs no new buffer. */
const GRAIN = 65_536;

export function createBufferPool<T extends { readonly length: number }>(
  allocate: (length: number) => T,
): BufferPool<T> {
  const free: T[] = [];
  /** The free buffer returned last; one that is too small is dropped. */
  const take = (length: number): T => {
    const buffer = free.pop();
    return buffer && buffer.length >= length ? buffer : allocate(Math.ceil(length / GRAIN) * GRAIN);
  };
  return {
    borrow(length) {
      const buffer = take(length);
      let released = false;
      return {
        buffer,
        release() {
          if (released) throw new Error('buffer pool: the buffer was released before');
          released = true;
          free.push(buffer);
        },
      };
    },
  };
}
