import { firstValueFrom, Subject } from 'rxjs';
import { sampleClipFrames } from '../../src/capture/sample-clip';
import type { Frame } from '../../src/face/types';
import { createTracker } from '../../src/index';

/** A grid of copies of the sample clip: eight faces in 1280 × 480 pixels. */
const COLUMNS = 4;
const ROWS = 2;
const TILE = { width: 320, height: 240 };
const WIDTH = COLUMNS * TILE.width;
const HEIGHT = ROWS * TILE.height;

export interface GroupOptions {
  /** Address of the bundle's folder. */
  readonly bundle: string;
  /** Requested numbers of faces, each measured by itself. */
  readonly faces: readonly number[];
  /** Frames measured, after `warmUp` that are not. */
  readonly frames: number;
  readonly warmUp: number;
}

export interface GroupResult {
  readonly faces: number;
  /** Listed faces of each measured frame, and milliseconds in the worker. */
  readonly listed: readonly number[];
  readonly ms: readonly number[];
}

declare global {
  interface Window {
    peekabooGroups?: (options: GroupOptions) => Promise<GroupResult[]>;
  }
}
window.peekabooGroups = measureGroups;

async function measureGroups(options: GroupOptions): Promise<GroupResult[]> {
  const results: GroupResult[] = [];
  for (const faces of options.faces) results.push(await measureGroup(options, faces));
  return results;
}

async function measureGroup({ bundle, frames, warmUp }: GroupOptions, faces: number): Promise<GroupResult> {
  const tracker = await createTracker({ bundle, provider: 'wasm', faces });
  const input = new Subject<Frame>();
  const results = new Subject<{ readonly listed: number; readonly ms: number }>();
  tracker.trackEvery(input).subscribe({
    next: ({ frame, faces: found, timings }) => {
      frame.image.close();
      results.next({ listed: found.length, ms: timings.total });
    },
    error: (reason) => results.error(reason),
  });
  const measured: { readonly listed: number; readonly ms: number }[] = [];
  try {
    for await (const frame of gridFrames(warmUp + frames)) {
      const result = firstValueFrom(results);
      input.next(frame);
      measured.push(await result);
    }
  } finally {
    await tracker.close();
  }
  const kept = measured.slice(warmUp);
  return { faces, listed: kept.map(({ listed }) => listed), ms: kept.map(({ ms }) => ms) };
}

/** The sample clip's first `count` frames, each drawn into every tile. */
async function* gridFrames(count: number): AsyncGenerator<Frame, void, void> {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas');
  let index = 0;
  for await (const { image, time } of sampleClipFrames()) {
    for (let tile = 0; tile < COLUMNS * ROWS; tile++) {
      const x = (tile % COLUMNS) * TILE.width;
      context.drawImage(image, x, Math.floor(tile / COLUMNS) * TILE.height, TILE.width, TILE.height);
    }
    image.close();
    const picture = await createImageBitmap(context.canvas);
    yield { image: picture, time, index, width: WIDTH, height: HEIGHT, source: 'benchmark' };
    index += 1;
    if (index >= count) return;
  }
}
