/** The page of the headless tracker. `npm run track` controls it through window.peekabooTrack. */
import { concatMap, lastValueFrom } from 'rxjs';
import { ImageError, readImage } from '../capture/images';
import { pulledFrames } from '../capture/pulled';
import { VideoReadError, videoFileFrames } from '../capture/video-file-frames';
import type { Frame, TrackedFrame } from '../face/types';
import { createTracker, type Tracker, TrackerError } from '../index';
import type { ExportName } from '../recording/export/formats';
import { base64 } from './base64';
import { exportFrames } from './export-frames';
import { createResults, type FrameResult, type ResultOptions } from './results';
import { createSender } from './sender';

/** The tool's options; `bundle` is a URL. */
export interface OpenOptions extends ResultOptions {
  readonly bundle: string;
  readonly provider: 'auto' | 'webgpu' | 'wasm';
  readonly detector?: 'auto' | 'mediapipe' | 'onnx';
  readonly threads?: number;
  readonly smooth: boolean;
  readonly faces: number;
}

/**
 * The value; or the message of an error caused by the input; or that of a tracker which works no longer, also with other
 * input.
 */
export type Answer<T> = { readonly value: T } | { readonly refused: string } | { readonly lost: string };

/** The result of a video. */
export interface VideoResult {
  readonly frames: number;
  /** What could not be read, one sentence each. */
  readonly faults: readonly string[];
}

declare global {
  interface Window {
    /** Set by the tool. Receives the results of a video in order; reading continues when the promise settles. */
    peekabooResults?: (results: FrameResult[]) => Promise<void>;
    peekabooTrack?: typeof api;
  }
}

/** Frames per message to the tool. */
const BATCH = 16;

/** Errors of the tracker as a whole, by the name of their cause: each call that is pending fails. */
const LOST = ['WorkerError', 'ClosedError', 'DeviceLostError'];

let stopped = false;
let session: { tracker: Tracker; results: ReturnType<typeof createResults> } | undefined;

const api = {
  /** Loads the bundle and returns the provider in use. */
  open: (options: OpenOptions) => answer(() => open(options)),
  /** Tracks one picture independently of others. */
  image: (url: string, file: string, index: number) => answer(() => trackImage(url, file, index)),
  /** Tracks every frame of a video and sends the results to window.peekabooResults. */
  video: (url: string, file: string) => answer(() => trackVideo(url, file)),
  /**
   * The frames of a frames.jsonl as an animation of its main face, base64; null without a face. `file`: of the video.
   */
  exportFrames: (url: string, file: string, format: ExportName) => answer(() => exportLines(url, file, format)),
  /** Ends the running video after the frames in progress, as if it ended there. */
  stop: () => {
    stopped = true;
  },
  /** The duration of a video in seconds; 0 where the browser does not know it. */
  duration: (url: string) => duration(url),
};
window.peekabooTrack = api;

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return isLost(error) ? { lost: messageOf(error) } : { refused: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isLost(error: unknown): boolean {
  return error instanceof TrackerError && LOST.includes(error.cause.name);
}

async function open({
  bundle,
  provider,
  detector = 'auto',
  threads,
  smooth,
  faces,
  ...results
}: OpenOptions): Promise<string> {
  const wideMasks = results.masks || results.overlay;
  const verticalFov = results.fov;
  const tracker = await createTracker({
    bundle,
    provider,
    detector,
    smooth,
    faces,
    verticalFov,
    wideMasks,
    ...(threads ? { threads } : {}),
  });
  session = { tracker, results: createResults(tracker.faceModel, results) };
  return tracker.provider;
}

function openSession() {
  if (!session) throw new Error('peekabooTrack.open() must be called first');
  return session;
}

/** Pixels on each side of a picture that can show a face. */
const SMALLEST_SIDE = 16;

async function trackImage(url: string, file: string, index: number): Promise<FrameResult> {
  const { tracker, results } = openSession();
  const frame = await readImage(await fetchBlob(url, ImageError), file, index);
  checkSize(frame);
  const tracked = await tracker.trackStill(frame);
  try {
    return await results(tracked, file);
  } finally {
    tracked.frame.image.close();
  }
}

/** Throws ImageError for pictures too thin to show a face, and closes them. */
function checkSize({ image, width, height }: Frame): void {
  if (Math.min(width, height) >= SMALLEST_SIDE) return;
  image.close();
  throw new ImageError(`${width} × ${height} pixels are too few for a face; each side needs at least ${SMALLEST_SIDE}`);
}

async function trackVideo(url: string, file: string): Promise<VideoResult> {
  stopped = false;
  const { tracker, results } = openSession();
  const faults: string[] = [];
  const onFault = (message: string) => void faults.push(message);
  const frames = videoFileFrames(await fetchBlob(url, VideoReadError), { name: file, onFault });
  const sender = createSender<FrameResult>(BATCH, async (batch) => window.peekabooResults?.(batch));
  let count = 0;
  let written = Promise.resolve();
  const write = async (tracked: TrackedFrame) => {
    try {
      await sender.add(await results(tracked, file));
      count += 1;
    } finally {
      tracked.frame.image.close();
    }
  };
  const paced = pulledFrames(async function* () {
    for await (const frame of frames) {
      await whenWritten(written, frame);
      yield frame;
      if (stopped) return;
    }
  });
  const all = tracker.trackEvery(paced, { keepFrames: true }).pipe(
    concatMap((tracked) => {
      written = write(tracked);
      return written;
    }),
  );
  try {
    await lastValueFrom(all, { defaultValue: undefined });
  } catch (error) {
    await written;
    if (isLost(error) || count === 0) throw error;
    faults.push(`${file} cannot be tracked beyond frame ${count - 1}: ${messageOf(error)}`);
  }
  await written;
  await sender.flush();
  return { frames: count, faults };
}

/** Waits until the previous results are written; closes the frame if that fails. */
async function whenWritten(written: Promise<void>, frame: Frame): Promise<void> {
  try {
    await written;
  } catch (error) {
    frame.image.close();
    throw error;
  }
}

async function exportLines(url: string, file: string, format: ExportName): Promise<string | null> {
  const { tracker } = openSession();
  const made = await exportFrames(await fetchBlob(url, VideoReadError), file, format, tracker.faceModel);
  return made && base64(made);
}

async function fetchBlob(url: string, Refusal: new (message: string) => Error): Promise<Blob> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.blob();
    throw new Error(String(response.status));
  } catch (error) {
    throw new Refusal(`cannot be read (${messageOf(error)})`);
  }
}

function duration(url: string): Promise<number> {
  const video = document.createElement('video');
  return new Promise((resolve) => {
    video.onloadedmetadata = () => resolve(Number.isFinite(video.duration) ? video.duration : 0);
    video.onerror = () => resolve(0);
    video.preload = 'metadata';
    video.src = url;
  });
}
