/**
 * full: no space left; denied: the browser stores nothing; version: another version of the format; missing: no such
 * recording; damaged: the data cannot be read.
 */
export type RecordingErrorCode = 'full' | 'denied' | 'version' | 'missing' | 'damaged';

/** The message is one sentence or two for the user: what happened, and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';

  constructor(
    readonly code: RecordingErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const NAMES: Readonly<Record<string, RecordingErrorCode>> = {
  QuotaExceededError: 'full',
  VersionError: 'version',
  NotFoundError: 'version',
};

const TEXTS = {
  full: 'The storage of this browser is full. What was recorded before is kept; delete recordings or free disk space, then try again.',
  denied:
    'This browser does not let the page store recordings. Allow storage for this site, or leave the private window.',
  version:
    'The stored recordings were written by a newer version of this page. Reload the page, or open it in that version; nothing was changed.',
} as const;

/** The error of a storage operation, as a RecordingError. */
export function storageError(error: unknown): RecordingError {
  if (error instanceof RecordingError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const code = NAMES[name];
  const known = code === 'full' || code === 'version' ? code : 'denied';
  return new RecordingError(known, TEXTS[known], { cause: error });
}
