/** The page of `npm run bench`: Peekaboo and MediaPipe's FaceLandmarker alternate on the same frames. */
import { Subject } from 'rxjs';
import type { Frame, TrackedFrame } from '../../src/face/types';
import { createTracker } from '../../src/index';
import { type CameraPicture, cameraBitmap, cameraFrame, cameraPictures, HEIGHT, WIDTH } from './camera-frames';
import '../mask/page';
import './groups';
import { openRival, type Rival } from '../rival/rival';

export interface BenchOptions {
  /** Addresses of the bundle's folder and of face_landmarker.task. */
  readonly bundle: string;
  readonly model: string;
  readonly threads: number;
  /** Frames measured, after `warmUp` that are not. */
  readonly frames: number;
  readonly warmUp: number;
}

/** Milliseconds of each measured frame; `trips` includes the way from the page to the worker and back. */
export interface BenchResult {
  readonly peekaboo: readonly number[];
  readonly rival: readonly number[];
  readonly trips: { readonly peekaboo: readonly number[]; readonly rival: readonly number[] };
  readonly stages: Readonly<Record<string, readonly number[]>>;
  /** Frames in which each found a face. */
  readonly found: { readonly peekaboo: number; readonly rival: number };
}

declare global {
  interface Window {
    peekabooBench?: typeof run;
  }
}
window.peekabooBench = run;

/** Follows one stream frame by frame. */
async function openPeekaboo({ bundle, threads }: BenchOptions) {
  const tracker = await createTracker({ bundle, provider: 'wasm', threads, smooth: true });
  const frames = new Subject<Frame>();
  let settle: { resolve(tracked: TrackedFrame): void; reject(reason: unknown): void } | undefined;
  tracker.trackEvery(frames, { keepFrames: true }).subscribe({
    next: (tracked) => settle?.resolve(tracked),
    error: (reason) => settle?.reject(reason),
  });
  let index = 0;
  return {
    async look(image: VideoFrame, time: number): Promise<TrackedFrame> {
      const tracked = await new Promise<TrackedFrame>((resolve, reject) => {
        settle = { resolve, reject };
        frames.next({ image, time, index: index++, width: WIDTH, height: HEIGHT, source: 'benchmark' });
      });
      tracked.frame.image.close();
      return tracked;
    },
    close: () => tracker.close(),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; trip: number }> {
  const started = performance.now();
  return { value: await work(), trip: performance.now() - started };
}

/** The order alternates from frame to frame, so that neither always benefits from warm caches. */
async function inTurn(
  picture: CameraPicture,
  index: number,
  peekaboo: Awaited<ReturnType<typeof openPeekaboo>>,
  rival: Rival,
) {
  const own = () => timed(() => peekaboo.look(cameraFrame(picture), picture.time));
  // An ImageBitmap is the rival's fastest input; its creation is not measured.
  const other = async () => {
    const image = await cameraBitmap(picture);
    return timed(() => rival.look(image, picture.time * 1000));
  };
  if (index % 2 === 0) {
    const first = await own();
    return { own: first, other: await other() };
  }
  const first = await other();
  return { own: await own(), other: first };
}

async function run(options: BenchOptions): Promise<BenchResult> {
  const rival = await openRival(options.model);
  const peekaboo = await openPeekaboo(options);
  const rounds: Awaited<ReturnType<typeof inTurn>>[] = [];
  try {
    for await (const picture of cameraPictures(options.warmUp + options.frames)) {
      rounds.push(await inTurn(picture, rounds.length, peekaboo, rival));
    }
  } finally {
    rival.close();
    await peekaboo.close();
  }
  const measured = rounds.slice(options.warmUp);
  const stages = Object.keys(measured[0]?.own.value.timings ?? {}) as (keyof TrackedFrame['timings'])[];
  return {
    peekaboo: measured.map(({ own }) => own.value.timings.total),
    rival: measured.map(({ other }) => other.value.ms),
    trips: { peekaboo: measured.map(({ own }) => own.trip), rival: measured.map(({ other }) => other.trip) },
    stages: Object.fromEntries(stages.map((stage) => [stage, measured.map(({ own }) => own.value.timings[stage])])),
    found: {
      peekaboo: measured.filter(({ own }) => own.value.faces.some(({ state }) => state !== 'held')).length,
      rival: measured.filter(({ other }) => other.value.faces > 0).length,
    },
  };
}
