import { CameraError, type CameraReason } from '../../capture/camera-error';
import { TrackerError } from '../../pipeline/tracker-error';

/** What the user can do about an error. */
export type Remedy = 'retry' | 'sample' | 'file' | 'reload';

/** An error as the page shows it. `code` is stable and identifies the kind of error. */
export interface ErrorText {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly remedies: readonly Remedy[];
}

const CAMERA_TITLES: Readonly<Record<CameraReason, string>> = {
  denied: 'Access to the camera was denied',
  none: 'No camera found',
  'in-use': 'The camera is in use',
  insecure: 'The camera is not available at this address',
  unplugged: 'The camera was disconnected',
  constraint: 'The camera does not support these settings',
  other: 'The camera did not start',
};

const CAMERA_REMEDIES: Readonly<Record<CameraReason, readonly Remedy[]>> = {
  denied: ['retry', 'file', 'sample'],
  none: ['retry', 'file', 'sample'],
  'in-use': ['retry', 'sample'],
  insecure: ['file', 'sample'],
  unplugged: ['retry', 'sample'],
  constraint: ['retry', 'sample'],
  other: ['retry', 'sample'],
};

interface NamedText {
  readonly title: string;
  /** Appended to the error's message. */
  readonly advice: string;
  readonly remedies: readonly Remedy[];
}

/** Texts by the name of the error. A TrackerError has the name of the error in the worker. */
const NAMED: Readonly<Record<string, NamedText>> = {
  VideoFileError: { title: 'This video cannot be played', advice: '', remedies: ['file', 'sample'] },
  ImageError: { title: 'This picture cannot be read', advice: '', remedies: ['file', 'sample'] },
  FileError: { title: 'This file cannot be opened', advice: '', remedies: ['file', 'sample'] },
  BundleError: {
    title: 'The weights cannot be loaded',
    advice: 'Reload the page, or choose other weights with ?bundle=NAME in the address.',
    remedies: ['reload'],
  },
  AssetError: { title: 'A file of the tracker cannot be loaded', advice: '', remedies: ['reload'] },
  FaceModelError: {
    title: 'The face model cannot be loaded',
    advice: 'Its file is damaged or belongs to another version. Choose other weights with ?bundle=NAME in the address.',
    remedies: ['reload'],
  },
  DeviceLostError: {
    title: 'The graphics device was lost',
    advice: 'Close other programs that use it and reload the page, or run the network on the CPU with ?provider=wasm.',
    remedies: ['reload'],
  },
  StageLostError: {
    title: 'The graphics device was lost',
    advice:
      'It was lost again after several attempts to restore it. Close other programs that use it and reload the page.',
    remedies: ['reload'],
  },
  EngineError: {
    title: 'This browser cannot draw the picture',
    advice:
      'Peekaboo needs WebGPU or WebGL2. Turn on hardware acceleration in the browser’s settings and reload the page.',
    remedies: ['reload'],
  },
  WorkerError: { title: 'The tracker stopped', advice: '', remedies: ['retry', 'reload'] },
};

const UNKNOWN: NamedText = { title: 'An unexpected error occurred', advice: 'Reload the page.', remedies: ['reload'] };

/** The texts and remedies for any thrown value. */
export function errorText(error: unknown): ErrorText {
  if (error instanceof CameraError) {
    const { reason, message } = error;
    return {
      code: `camera-${reason}`,
      title: CAMERA_TITLES[reason],
      text: message,
      remedies: CAMERA_REMEDIES[reason],
    };
  }
  const reason = error instanceof TrackerError ? error.cause : error;
  const { name, message } = reason instanceof Error ? reason : { name: 'Error', message: String(reason) };
  const { title, advice, remedies } = NAMED[name] ?? UNKNOWN;
  return { code: name, title, text: [message, advice].filter((part) => part !== '').join(' '), remedies };
}
