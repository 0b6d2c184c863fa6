import {
  checkOptions,
  checkValue,
  FUNCTION,
  integerFrom,
  numberFrom,
  OBJECT,
  type OptionCheck,
  oneOf,
  TEXT,
  TRUE_OR_FALSE,
} from '../face/check-options';
import type { Frame } from '../face/types';
import { checkSmoothing } from '../smoothing/check-smoothing';
import type { TrackOptions } from './tracked-frames';
import type { TrackerOptions } from './tracker';

const ADDRESS: OptionCheck = {
  expected: 'a text or a URL',
  accepts: (value) => TEXT.accepts(value) || value instanceof URL,
};

const SIGNAL: OptionCheck = { expected: 'an AbortSignal', accepts: (value) => value instanceof AbortSignal };

const OPTION_CHECKS: Readonly<Record<keyof TrackerOptions, OptionCheck>> = {
  assets: ADDRESS,
  bundle: TEXT,
  workerUrl: ADDRESS,
  spawn: FUNCTION,
  signal: SIGNAL,
  provider: oneOf(['auto', 'webgpu', 'wasm']),
  detector: oneOf(['auto', 'mediapipe', 'onnx']),
  threads: integerFrom(1, 8),
  smooth: TRUE_OR_FALSE,
  smoothing: OBJECT,
  faces: integerFrom(1, 64),
  verticalFov: numberFrom(5, 150),
  wideMasks: TRUE_OR_FALSE,
  onProgress: FUNCTION,
};

const TRACK_CHECKS: Readonly<Record<keyof TrackOptions, OptionCheck>> = { keepFrames: TRUE_OR_FALSE, signal: SIGNAL };

/** Throws RangeError with the name and the value of an option that is not accepted. */
export function checkTrackerOptions(options: TrackerOptions): void {
  checkOptions('options', options, OPTION_CHECKS);
  if (options.smoothing) checkSmoothing(options.smoothing);
}

/** Throws RangeError with the name and the value of an option that is not accepted. */
export function checkTrackOptions(options: TrackOptions): void {
  checkOptions('options', options, TRACK_CHECKS);
}

/** Longest side that browsers can draw, pixels. */
const LONGEST_SIDE = 65_535;

const CLOSABLE: OptionCheck = {
  expected: 'a VideoFrame or an ImageBitmap',
  accepts: (value) => OBJECT.accepts(value) && FUNCTION.accepts(Reflect.get(Object(value), 'close')),
};

/** Throws RangeError for a value that is not a frame, with the name of the wrong part; its picture is closed. */
export function checkFrame(frame: Frame): void {
  try {
    checkValue('frame', frame, OBJECT);
    checkValue('frame.image', frame.image, CLOSABLE);
    checkValue('frame.time', frame.time, numberFrom(-Number.MAX_VALUE, Number.MAX_VALUE));
    checkValue('frame.width', frame.width, integerFrom(1, LONGEST_SIDE));
    checkValue('frame.height', frame.height, integerFrom(1, LONGEST_SIDE));
  } catch (error) {
    if (CLOSABLE.accepts(frame?.image)) frame.image.close();
    throw error;
  }
}
