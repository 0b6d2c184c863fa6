/** Why the camera gives no frames. */
export type CameraReason = 'denied' | 'none' | 'in-use' | 'insecure' | 'unplugged' | 'constraint' | 'other';

const MESSAGES: Record<CameraReason, string> = {
  denied: 'Access to the camera was denied. Allow it for this page in the browser’s address bar, then start again.',
  none: 'No camera was found. Connect one, or open a video file.',
  'in-use': 'Another program uses the camera. Close that program, then start again.',
  insecure: 'Browsers allow the camera only on https pages and localhost. Open the page from such an address.',
  unplugged: 'The camera was disconnected or switched off. Connect it and start again, or choose another one.',
  constraint: 'The camera does not support the requested settings. Choose another resolution or another camera.',
  other: 'The camera could not be started. Disconnect and reconnect it, or choose another one.',
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

/** The camera gives no frames; the message says what to do. */
export class CameraError extends Error {
  override readonly name = 'CameraError';

  constructor(
    readonly reason: CameraReason,
    options?: { readonly detail?: string; readonly cause?: unknown },
  ) {
    const detail = options?.detail ? ` (${options.detail})` : '';
    super(MESSAGES[reason] + detail, { cause: options?.cause });
  }

  /** Converts what a browser threw; gives a CameraError unchanged. */
  static from(thrown: unknown): CameraError {
    if (thrown instanceof CameraError) return thrown;
    const { name, message, constraint } = Object(thrown) as { name?: string; message?: string; constraint?: string };
    const reason = REASONS[name ?? ''] ?? 'other';
    const detail = reason === 'constraint' ? constraint : reason === 'other' ? message : undefined;
    return new CameraError(reason, { ...(detail ? { detail } : {}), cause: thrown });
  }
}
