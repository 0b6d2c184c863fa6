import { describe, expect, it } from 'vitest';
import { createBufferPool } from '../../src/pipeline/buffer-pool';

function countingPool() {
  const allocated: number[] = [];
  const pool = createBufferPool((length) => {
    allocated.push(length);
    return new Uint8Array(length);
  });
  return { pool, allocated };
}

describe('buffer pool', () => {
  it('P13: a released buffer is lent again', () => {
    const { pool, allocated } = countingPool();
    const first = pool.borrow(100);
    first.release();
    expect(pool.borrow(200).buffer).toBe(first.buffer);
    expect(allocated).toHaveLength(1);
  });

  it('P13: overlapping loans have different buffers', () => {
    const { pool, allocated } = countingPool();
    expect(pool.borrow(10).buffer).not.toBe(pool.borrow(10).buffer);
    expect(allocated).toHaveLength(2);
  });

  it('P13: a buffer cannot be released twice', () => {
    const { pool } = countingPool();
    const loan = pool.borrow(10);
    loan.release();
    expect(() => loan.release()).toThrow(/released before/);
  });

  it('P13: a buffer that is too small is replaced', () => {
    const { pool, allocated } = countingPool();
    pool.borrow(10).release();
    const large = pool.borrow(100_000);
    expect(large.buffer.length).toBeGreaterThanOrEqual(100_000);
    large.release();
    pool.borrow(10).release();
    expect(allocated).toHaveLength(2);
  });
});
