import { ALL_FORMATS, Input, type InputVideoTrack, type VideoSample } from 'mediabunny';
import type { Frame, Seconds } from '../face/types';
import { blobSource } from './blob-source';
import { decodableSamples, type VideoGap } from './decodable-samples';
import { createIncreasingTime } from './increasing-time';
import { type PulledFrames, pulledFrames } from './pulled';
import { undecodableVideo, videoFault } from './video-fault';

/** A video file that cannot be read frame by frame; the message says what to do. */
export class VideoReadError extends Error {
  override readonly name = 'VideoReadError';
}

export interface VideoFramesOptions {
  /** Name for display and messages. Default: the file's name. */
  readonly name?: string;
  /**
   * Called with a sentence for each part of the file that is damaged or missing; the frames continue after it. Without
   * this option, the first such part ends the frames with a VideoReadError.
   */
  readonly onFault?: (message: string) => void;
}

/**
 * Every frame of a video file with its exact time, as fast as possible: a subscription pushes, an iteration waits for its
 * consumer. Rotated and stretched videos are converted to upright frames with square pixels. A frame whose time is not
 * later than that of the frame before gets a time half an interval after it. Throws VideoReadError.
 */
export function videoFileFrames(blob: Blob, options: VideoFramesOptions = {}): PulledFrames {
  const name = options.name ?? (blob instanceof File ? blob.name : 'video');
  return pulledFrames(() => readFrames(blob, name, options.onFault));
}

async function* readFrames(
  blob: Blob,
  name: string,
  onFault: VideoFramesOptions['onFault'],
): AsyncGenerator<Frame, void, void> {
  const input = new Input({ source: blobSource(blob), formats: ALL_FORMATS });
  let index = 0;
  let failure: VideoReadError | undefined;
  const onGap = (gap: VideoGap) => {
    const message = describeGap(gap, name, index);
    if (onFault) onFault(message);
    else failure ??= new VideoReadError(message);
  };
  try {
    const track = await openTrack(input, blob, name);
    const increasing = createIncreasingTime();
    for await (const sample of decodableSamples(input, track, onGap)) {
      if (failure) sample.close();
      if (failure) break;
      yield sampleFrame(sample, increasing(sample.timestamp), index, name);
      index += 1;
    }
    if (failure) throw failure;
  } finally {
    input.dispose();
  }
}

async function openTrack(input: Input, blob: Blob, name: string): Promise<InputVideoTrack> {
  const fault = await videoFault(blob, name);
  if (fault) throw new VideoReadError(fault);
  const track = await input.getPrimaryVideoTrack().catch(() => null);
  if (!track || !(await track.canDecode())) throw new VideoReadError(await undecodableVideo(blob, name));
  return track;
}

/** `frames`: the number of frames before the gap. */
function describeGap({ from, to, declared }: VideoGap, name: string, frames: number): string {
  const remedy = 'Copy or download the file again.';
  if (declared !== undefined) {
    return `${name} is cut off: it ends after frame ${frames - 1} at ${spell(from)} of ${spell(declared)}. ${remedy}`;
  }
  if (frames === 0 && to === undefined) return `${name} is damaged: no frame of it can be decoded. ${remedy}`;
  const where = to === undefined ? `${spell(from)}, after frame ${frames - 1}` : `${spell(from)} to ${spell(to)}`;
  return `${name} is damaged from ${where}; the frames there are missing. ${remedy}`;
}

/** Minutes, seconds and tenths: 0:21.4. */
function spell(seconds: Seconds): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const rest = (tenths % 600) / 10;
  return `${Math.floor(tenths / 600)}:${rest < 10 ? '0' : ''}${rest.toFixed(1)}`;
}

/** Takes ownership of the sample and closes it. */
function sampleFrame(sample: VideoSample, time: Seconds, index: number, source: string): Frame {
  try {
    const image = sampleImage(sample, source);
    return { image, time, index, width: sample.displayWidth, height: sample.displayHeight, source };
  } finally {
    sample.close();
  }
}

function sampleImage(sample: VideoSample, source: string): VideoFrame | ImageBitmap {
  const { width, height } = sample.visibleRect;
  const square = width === sample.displayWidth && height === sample.displayHeight;
  if (sample.rotation === 0 && !sample.flip && square) return sample.toVideoFrame();
  const canvas = new OffscreenCanvas(sample.displayWidth, sample.displayHeight);
  const context = canvas.getContext('2d');
  if (!context)
    throw new VideoReadError(`${source}: this browser has no 2D canvas, which is required to rotate the picture.`);
  sample.draw(context, 0, 0);
  return canvas.transferToImageBitmap();
}
