import { ALL_FORMATS, Input, Output, QUALITY_HIGH, VideoSample, VideoSampleSource } from 'mediabunny';
import { blobSource } from '../capture/blob-source';
import { readFrameTimes } from '../capture/frame-times';
import { videoFileFrames } from '../capture/video-file';
import { NO_TIMINGS } from '../face/no-timings';
import type { Frame, Seconds, TrackedFrame } from '../face/types';
import type { EngineChoice } from '../render/engine/engine';
import { createOfflineStage, type OfflineStage, type StageContent } from '../render/offline-stage';
import type { Size } from '../render/view/view';
import type { ClipTracks } from './clip-tracks';
import { openSound, type SoundCopy } from './copy-sound';
import { type FileSink, targetOf } from './file-sink';
import { PngSequence } from './png-sequence';
import { chooseEncoding, evenSize, RenderError, type RenderFormat } from './render-formats';

export interface RenderClipOptions {
  readonly clip: Blob;
  readonly name: string;
  readonly tracks: ClipTracks;
  readonly content: StageContent;
  readonly engine: EngineChoice;
  readonly format: RenderFormat;
  /** Keep transparency; for WebM. */
  readonly transparent: boolean;
  readonly sink: FileSink;
  readonly signal?: AbortSignal;
  /** Called after each frame. */
  readonly onFrame?: (index: number) => void;
}

export interface RenderResult {
  readonly frames: number;
  /** What is missing in the file, one sentence each. */
  readonly notices: readonly string[];
}

/** Where frames are written. */
interface FrameWriter {
  /** `canvas` can be read until the first await. */
  add(canvas: HTMLCanvasElement, time: Seconds, duration: Seconds): Promise<void>;
  finish(): Promise<void>;
  cancel(): Promise<void>;
}

/** Duration of a last frame whose end is unknown, s. */
const USUAL = 1 / 30;

/**
 * Renders every frame of a clip once, at its own time and size, with the faces that were tracked before. Sound is copied.
 * Rejects with RenderError, RenderLostError, VideoReadError, or the signal's reason; the file is discarded then.
 */
export async function renderClip(options: RenderClipOptions): Promise<RenderResult> {
  const { clip, tracks, content, engine, sink } = options;
  const notices: string[] = [];
  const input = new Input({ source: blobSource(clip), formats: ALL_FORMATS });
  let stage: OfflineStage | undefined;
  let writer: FrameWriter | undefined;
  try {
    const first = tracks.frames[0];
    if (!first) throw new RenderError('There is nothing to render: the video has no frames.');
    const size = evenSize(first);
    stage = await createOfflineStage(size, engine, content);
    if (stage.notice) notices.push(stage.notice);
    writer = await openWriter(options, size, input, notices);
    const frames = await drawFrames(options, stage, writer, notices);
    await writer.finish();
    return { frames, notices };
  } catch (error) {
    await (writer ? writer.cancel() : sink.abort());
    throw readable(error);
  } finally {
    stage?.dispose();
    input.dispose();
  }
}

async function drawFrames(
  { clip, name, tracks, signal, onFrame }: RenderClipOptions,
  stage: OfflineStage,
  writer: FrameWriter,
  notices: string[],
): Promise<number> {
  const ends = await frameEnds(clip, tracks);
  let count = 0;
  for await (const frame of videoFileFrames(clip, { name, onFault: (message) => notices.push(message) })) {
    try {
      signal?.throwIfAborted();
      const tracked = trackedFrame(frame, tracks);
      const duration = Math.max(0, (ends(frame.index) ?? frame.time + USUAL) - frame.time);
      await stage.drawFrame(tracked, (canvas) => writer.add(canvas, frame.time, duration));
    } finally {
      frame.image.close();
    }
    count += 1;
    onFrame?.(frame.index);
  }
  return count;
}

/** The end of each frame: the start of the next one, and the end of the last one by the file. */
async function frameEnds(clip: Blob, { frames }: ClipTracks): Promise<(index: number) => Seconds | undefined> {
  const end = (await readFrameTimes(clip))?.end;
  return (index) => frames[index + 1]?.time ?? end;
}

function trackedFrame(frame: Frame, tracks: ClipTracks): TrackedFrame {
  return { frame, faces: tracks.facesOf(frame.index), timings: NO_TIMINGS, provider: 'wasm' };
}

async function openWriter(
  { format, transparent, sink }: RenderClipOptions,
  size: Size,
  input: Input,
  notices: string[],
): Promise<FrameWriter> {
  if (format === 'png') return new PngSequence(sink);
  const { container, codec, alpha } = await chooseEncoding(format, size, transparent);
  const output = new Output({ format: container, target: targetOf(sink) });
  const video = new VideoSampleSource({ codec, quality: QUALITY_HIGH, alpha, sizeChangeBehavior: 'contain' });
  output.addVideoTrack(video, { canBeTransparent: alpha === 'keep' });
  const { copy, notice } = await openSound(input, container);
  if (notice) notices.push(notice);
  if (copy) output.addAudioTrack(copy.source);
  await output.start();
  return videoWriter(output, video, alpha, copy);
}

function videoWriter(
  output: Output,
  video: VideoSampleSource,
  alpha: 'keep' | 'discard',
  sound: SoundCopy | null,
): FrameWriter {
  return {
    async add(canvas, time, duration) {
      const timestamp = Math.round(time * 1e6);
      const frame = new VideoFrame(canvas, { timestamp, duration: Math.round(duration * 1e6), alpha });
      const sample = new VideoSample(frame);
      try {
        await video.add(sample);
        await sound?.writeUntil(time + duration);
      } finally {
        sample.close();
      }
    },
    async finish() {
      await sound?.writeUntil(Number.POSITIVE_INFINITY);
      await sound?.close();
      await output.finalize();
    },
    async cancel() {
      await output.cancel().catch(() => undefined);
      await sound?.close().catch(() => undefined);
    },
  };
}

/** The error, or a sentence for the user where the disk is full or the encoder failed. */
function readable(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  if (error.name === 'QuotaExceededError')
    return new RenderError('The disk is full: the file could not be written. Make room, and render again.');
  if (error.name === 'EncodingError' || error.name === 'OperationError')
    return new RenderError(`The browser's encoder failed (${error.message}). Render again, or choose another format.`);
  return error;
}
