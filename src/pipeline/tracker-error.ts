import { AssetError } from '../assets/asset-error';
import type { Failure } from './protocol';
import type { TrackerErrorCode } from './tracker-error-code';

export type { TrackerErrorCode } from './tracker-error-code';

const CODES: Readonly<Record<string, TrackerErrorCode>> = {
  ClosedError: 'closed',
  WorkerError: 'worker-stopped',
  DeviceLostError: 'device-lost',
};

/**
 * Something failed in the worker, or the worker itself. `code` tells which kind of failure it is. `cause` has the original error's name: a model's or a frame's error,
 * WorkerError when the worker stopped, ClosedError when the tracker was closed.
 */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  override readonly cause: Error;
  readonly code: TrackerErrorCode;

  constructor(failure: Failure) {
    super(failure.message);
    this.code = failure.code ?? CODES[failure.name] ?? 'frame-failed';
    this.cause = errorOf(failure);
  }
}

/** Data of any thrown value. */
export function failureOf(reason: unknown): Failure {
  if (!(reason instanceof Error)) return { name: 'Error', message: String(reason) };
  const { name, message, cause } = reason;
  const code = reason instanceof AssetError ? { code: reason.code } : {};
  return { name, message, ...code, ...(cause instanceof Error ? { cause: failureOf(cause) } : {}) };
}

function errorOf({ name, message, cause }: Failure): Error {
  const error = cause ? new Error(message, { cause: errorOf(cause) }) : new Error(message);
  error.name = name;
  return error;
}
