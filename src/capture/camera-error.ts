/** Why there is no camera picture. */
export type CameraReason = 'denied' | 'none' | 'in-use' | 'insecure' | 'unplugged' | 'constraint' | 'other';

const WORDS: Record<CameraReason, string> = {
  denied: 'The camera was not allowed. Allow it for this page in the browser’s address bar, then start again.',
  none: 'No camera was found. Plug one in, or open a video file instead.',
  'in-use': 'The camera is used by another program. Close that program, then start again.',
  insecure: 'Browsers give the camera only to https pages and to localhost. Open the page from there.',
  unplugged: 'The camera was unplugged or switched off. Plug it in again and start anew, or choose another one.',
  constraint: 'The camera cannot do what was asked of it. Choose another resolution or another camera.',
  other: 'The camera could not be started. Unplug it and plug it in again, or choose another one.',
};

const REASONS: Readonly<Record<string, CameraReason>> = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  NotFoundError: 'none',
  DevicesNotFoundError: 'none',
  NotReadableError: 'in-use',
  TrackStartError: 'in-use',
  AbortError: 'in-use',
  SecurityError: 'insecure',
  OverconstrainedError: 'constraint',
};

/** No camera picture; the message says what to do about it. */
export class CameraError extends Error {
  override readonly name = 'CameraError';

  constructor(
    readonly reason: CameraReason,
    options?: { readonly detail?: string; readonly cause?: unknown },
  ) {
    const detail = options?.detail ? ` (${options.detail})` : '';
    super(WORDS[reason] + detail, { cause: options?.cause });
  }

  /** Puts what a browser threw into words; a CameraError stays as it is. */
  static from(thrown: unknown): CameraError {
    if (thrown instanceof CameraError) return thrown;
    const { name, message, constraint } = Object(thrown) as { name?: string; message?: string; constraint?: string };
    const reason = REASONS[name ?? ''] ?? 'other';
    const detail = reason === 'constraint' ? constraint : reason === 'other' ? message : undefined;
    return new CameraError(reason, { ...(detail ? { detail } : {}), cause: thrown });
  }
}
