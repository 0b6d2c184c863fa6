import { CameraError, type CameraReason } from '../../capture/camera-error';

/** What a person can do about an error. */
export type Remedy = 'retry' | 'sample' | 'file' | 'reload';

/** An error as the page shows it. `code` is short and stable. */
export interface ErrorText {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  readonly remedies: readonly Remedy[];
}

const CAMERA_TITLES: Readonly<Record<CameraReason, string>> = {
  denied: 'The camera is not allowed',
  none: 'No camera found',
  'in-use': 'The camera is busy',
  insecure: 'This address may not use the camera',
  unplugged: 'The camera is gone',
  constraint: 'The camera cannot do that',
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
  /** Said after the error's own message. */
  readonly advice: string;
  readonly remedies: readonly Remedy[];
}

/** By the error's name; a tracker's error carries the name of its cause. */
const NAMED: Readonly<Record<string, NamedText>> = {
  VideoFileError: { title: 'This video does not play', advice: '', remedies: ['file', 'sample'] },
  ImageError: { title: 'This picture cannot be read', advice: '', remedies: ['file', 'sample'] },
  FileError: { title: 'This file cannot be opened', advice: '', remedies: ['file', 'sample'] },
  BundleError: {
    title: 'The model cannot be used',
    advice: 'Choose another one with ?bundle=NAME in the address.',
    remedies: ['reload'],
  },
  FaceModelError: {
    title: 'The face model cannot be used',
    advice: 'Its file is broken or from another version. Choose another one with ?bundle=NAME in the address.',
    remedies: ['reload'],
  },
  DeviceLostError: {
    title: 'The graphics device was lost',
    advice: 'Close other programs that use it, then reload; ?provider=wasm in the address does without it.',
    remedies: ['reload'],
  },
  StageLostError: {
    title: 'The graphics device was lost',
    advice: 'It was rebuilt several times and lost again. Close other programs that use it, then reload.',
    remedies: ['reload'],
  },
  EngineError: {
    title: 'This browser cannot draw',
    advice: 'Peekaboo needs WebGPU or WebGL2. Turn on hardware acceleration in the browser’s settings.',
    remedies: ['reload'],
  },
  WorkerError: { title: 'The tracker stopped', advice: '', remedies: ['retry', 'reload'] },
};

const UNKNOWN: NamedText = { title: 'Something went wrong', advice: 'Reload the page.', remedies: ['reload'] };

/** Puts any error into words. */
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
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const { title, advice, remedies } = NAMED[name] ?? UNKNOWN;
  return { code: name, title, text: [message, advice].filter((part) => part !== '').join(' '), remedies };
}
