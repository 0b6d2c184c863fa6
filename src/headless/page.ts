/** The page of the headless tracker: npm run track drives it through window.peekabooTrack. */
import { concatMap, lastValueFrom, reduce } from 'rxjs';
import { ImageError, readImage } from '../capture/images';
import { pulledFrames } from '../capture/pulled';
import { VideoReadError, videoFileFrames } from '../capture/video-file-frames';
import type { Frame, TrackedFrame } from '../face/types';
import { createTracker, type Tracker } from '../index';
import { createResults, type FrameResult, type ResultOptions } from './results';
import { createSender } from './sender';

/** What the tool asks for; `bundle` is the bundle's URL. */
export interface OpenOptions extends ResultOptions {
  readonly bundle: string;
  readonly provider: 'auto' | 'webgpu' | 'wasm';
  readonly threads?: number;
  readonly smooth: boolean;
  readonly faces: number;
}

/** An answer as data: an error that names bad input, or the value. */
export type Answer<T> = { readonly value: T } | { readonly refused: string };

declare global {
  interface Window {
    /** Given by the tool: takes frames of a video, in order; reading goes on when it has settled. */
    peekabooResults?: (results: FrameResult[]) => Promise<void>;
    peekabooTrack?: typeof door;
  }
}

/** Frames that cross to the tool in one message. */
const BATCH = 16;

const UNREADABLE = ['ImageError', 'VideoReadError'];
const isUnreadable = ({ name }: Error) => UNREADABLE.includes(name);

let session: { tracker: Tracker; results: ReturnType<typeof createResults> } | undefined;

const door = {
  /** Loads the bundle; answers with the provider in use. Whatever stands against it is a refusal. */
  open: (options: OpenOptions) =>
    answer(
      () => open(options),
      () => true,
    ),
  /** Tracks one still picture, without memory of others. */
  image: (url: string, file: string, index: number) => answer(() => trackImage(url, file, index), isUnreadable),
  /** Tracks every frame of a video; the results go to window.peekabooResults. Answers with the number of frames. */
  video: (url: string, file: string) => answer(() => trackVideo(url, file), isUnreadable),
  /** Seconds of a video, 0 when the browser cannot tell. */
  duration: (url: string) => duration(url),
};
window.peekabooTrack = door;

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

function opened() {
  if (!session) throw new Error('open() first');
  return session;
}

async function trackImage(url: string, file: string, index: number): Promise<FrameResult> {
  const { tracker, results } = opened();
  const frame = await readImage(await fetchBlob(url, ImageError), file, index);
  const tracked = await tracker.trackStill(frame);
  try {
    return await results(tracked, file);
  } finally {
    tracked.frame.image.close();
  }
}

async function trackVideo(url: string, file: string): Promise<number> {
  const { tracker, results } = opened();
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
      await settled(written, frame);
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

/** Waits for what is being written; closes the frame when that failed. */
async function settled(written: Promise<void>, frame: Frame): Promise<void> {
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
