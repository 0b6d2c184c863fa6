/** The page of the headless tracker. `npm run track` controls it through window.peekabooTrack. */
import { concatMap, lastValueFrom, reduce } from 'rxjs';
import { ImageError, readImage } from '../capture/images';
import { pulledFrames } from '../capture/pulled';
import { VideoReadError, videoFileFrames } from '../capture/video-file-frames';
import type { Frame, TrackedFrame } from '../face/types';
import { createTracker, type Tracker } from '../index';
import { createResults, type FrameResult, type ResultOptions } from './results';
import { createSender } from './sender';

/** The tool's options; `bundle` is a URL. */
export interface OpenOptions extends ResultOptions {
  readonly bundle: string;
  readonly provider: 'auto' | 'webgpu' | 'wasm';
  readonly threads?: number;
  readonly smooth: boolean;
  readonly faces: number;
}

/** The value, or the message of an error caused by bad input. */
export type Answer<T> = { readonly value: T } | { readonly refused: string };

declare global {
  interface Window {
    /** Set by the tool. Receives the results of a video in order; reading continues when the promise settles. */
    peekabooResults?: (results: FrameResult[]) => Promise<void>;
    peekabooTrack?: typeof api;
  }
}

/** Frames per message to the tool. */
const BATCH = 16;

const UNREADABLE = ['ImageError', 'VideoReadError'];
const isUnreadable = ({ name }: Error) => UNREADABLE.includes(name);

let session: { tracker: Tracker; results: ReturnType<typeof createResults> } | undefined;

const api = {
  /** Loads the bundle and returns the provider in use. Every error is returned as `refused`. */
  open: (options: OpenOptions) =>
    answer(
      () => open(options),
      () => true,
    ),
  /** Tracks one picture independently of others. */
  image: (url: string, file: string, index: number) => answer(() => trackImage(url, file, index), isUnreadable),
  /** Tracks every frame of a video, sends the results to window.peekabooResults and returns the number of frames. */
  video: (url: string, file: string) => answer(() => trackVideo(url, file), isUnreadable),
  /** The duration of a video in seconds; 0 where the browser does not know it. */
  duration: (url: string) => duration(url),
};
window.peekabooTrack = api;

async function answer<T>(work: () => Promise<T>, isRefusal: (error: Error) => boolean): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Error && isRefusal(error)) return { refused: error.message };
    throw error;
  }
}

async function open({ bundle, provider, threads, smooth, faces, ...results }: OpenOptions): Promise<string> {
  const tracker = await createTracker({ bundle, provider, smooth, faces, ...(threads ? { threads } : {}) });
  session = { tracker, results: createResults(tracker.faceModel, results) };
  return tracker.provider;
}

function openSession() {
  if (!session) throw new Error('peekabooTrack.open() must be called first');
  return session;
}

async function trackImage(url: string, file: string, index: number): Promise<FrameResult> {
  const { tracker, results } = openSession();
  const frame = await readImage(await fetchBlob(url, ImageError), file, index);
  const tracked = await tracker.trackStill(frame);
  try {
    return await results(tracked, file);
  } finally {
    tracked.frame.image.close();
  }
}

async function trackVideo(url: string, file: string): Promise<number> {
  const { tracker, results } = openSession();
  const sender = createSender<FrameResult>(BATCH, async (batch) => window.peekabooResults?.(batch));
  const frames = videoFileFrames(await fetchBlob(url, VideoReadError), { name: file });
  let written = Promise.resolve();
  const write = async (tracked: TrackedFrame) => {
    try {
      await sender.add(await results(tracked, file));
    } finally {
      tracked.frame.image.close();
    }
  };
  const paced = pulledFrames(async function* () {
    for await (const frame of frames) {
      await whenWritten(written, frame);
      yield frame;
    }
  });
  const count = tracker.trackEvery(paced).pipe(
    concatMap((tracked) => {
      written = write(tracked);
      return written;
    }),
    reduce((total) => total + 1, 0),
  );
  const total = await lastValueFrom(count);
  await sender.flush();
  return total;
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

async function fetchBlob(url: string, Refusal: new (message: string) => Error): Promise<Blob> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.blob();
    throw new Error(String(response.status));
  } catch (error) {
    throw new Refusal(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
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
