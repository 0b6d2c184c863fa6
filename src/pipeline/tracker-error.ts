import type { Failure } from './protocol';

/**
 * Something failed in the worker, or the worker itself. `cause` has the original error's name: a model's or a frame's error,
 * WorkerError when the worker stopped, ClosedError when the tracker was closed.
 */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  override readonly cause: Error;

  constructor(failure: Failure) {
    super(failure.message);
    this.cause = errorOf(failure);
  }
}

/** Data of any thrown value. */
export function failureOf(reason: unknown): Failure {
  if (!(reason instanceof Error)) return { name: 'Error', message: String(reason) };
  const { name, message, cause } = reason;
  return cause instanceof Error ? { name, message, cause: failureOf(cause) } : { name, message };
}

function errorOf({ name, message, cause }: Failure): Error {
  const error = cause ? new Error(message, { cause: errorOf(cause) }) : new Error(message);
  error.name = name;
  return error;
}
