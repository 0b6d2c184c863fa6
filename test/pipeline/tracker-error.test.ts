import { describe, expect, it } from 'vitest';
import { failureOf, TrackerError } from '../../src/pipeline/tracker-error';

describe('TrackerError', () => {
  it('P9: keeps its own name and carries the cause with its name, message and causes', () => {
    const broken = Object.assign(new RangeError('rank 0'), { name: 'RangeError' });
    const thrown = Object.assign(new Error('shift.bin: rank 0', { cause: broken }), { name: 'BundleError' });
    const failure = structuredClone(failureOf(thrown));
    const error = new TrackerError(failure);
    expect(error).toMatchObject({ name: 'TrackerError', message: 'shift.bin: rank 0' });
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.cause).toMatchObject({ name: 'BundleError', message: 'shift.bin: rank 0' });
    expect(error.cause.cause).toMatchObject({ name: 'RangeError', message: 'rank 0' });
  });

  it('P9: carries what was thrown without being an error', () => {
    expect(new TrackerError(failureOf('out of memory')).cause).toMatchObject({
      name: 'Error',
      message: 'out of memory',
    });
  });
});
