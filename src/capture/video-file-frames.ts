import { ALL_FORMATS, BlobSource, Input, type VideoSample, VideoSampleSink } from 'mediabunny';
import type { Frame } from '../face/types';
import { type PulledFrames, pulledFrames } from './pulled';
import { undecodableVideo, videoFault } from './video-fault';

/** A video file that cannot be read frame by frame; the message says what to do. */
export class VideoReadError extends Error {
  override readonly name = 'VideoReadError';
}

/**
 * Every frame of a video file with its exact time, as fast as possible: a subscription pushes, an iteration waits for its
 * consumer. Rotated and stretched videos are converted to upright frames with square pixels. Throws VideoReadError.
 */
export function videoFileFrames(blob: Blob, options: { readonly name?: string } = {}): PulledFrames {
  const name = options.name ?? (blob instanceof File ? blob.name : 'video');
  return pulledFrames(() => readFrames(blob, name));
}

async function* readFrames(blob: Blob, name: string): AsyncGenerator<Frame, void, void> {
  const input = new Input({ source: new BlobSource(blob), formats: ALL_FORMATS });
  try {
    const sink = await openSink(input, blob, name);
    let index = 0;
    for await (const sample of sink.samples()) {
      yield sampleFrame(sample, index, name);
      index += 1;
    }
  } finally {
    input.dispose();
  }
}

async function openSink(input: Input, blob: Blob, name: string): Promise<VideoSampleSink> {
  const fault = await videoFault(blob, name);
  if (fault) throw new VideoReadError(fault);
  const track = await input.getPrimaryVideoTrack().catch(() => null);
  if (!track || !(await track.canDecode())) throw new VideoReadError(await undecodableVideo(blob, name));
  return new VideoSampleSink(track);
}

/** Takes ownership of the sample and closes it. */
function sampleFrame(sample: VideoSample, index: number, source: string): Frame {
  try {
    const image = sampleImage(sample, source);
    const { timestamp: time, displayWidth: width, displayHeight: height } = sample;
    return { image, time, index, width, height, source };
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
