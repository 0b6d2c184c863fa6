import { Observable, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { TrackedFrame } from '../../src/face/types';
import { TrackedFrames } from '../../src/tracker/tracked-frames';
import { fakeFrame } from '../pipeline/doubles';

const TIMINGS = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };

function fakeResult(index: number) {
  const frame = fakeFrame(index);
  const tracked: TrackedFrame = { frame, faces: [], timings: TIMINGS, provider: 'wasm' };
  return { tracked, image: frame.image };
}

/** Three results, and whether each frame was closed. */
function fakeResults() {
  const results = [0, 1, 2].map(fakeResult);
  return { all$: of(...results.map(({ tracked }) => tracked)), closed: () => results.map(({ image }) => image.closed) };
}

describe('TrackedFrames', () => {
  it('PK1 closes a frame after the subscriber has returned', () => {
    const { all$, closed } = fakeResults();
    const seen: (readonly number[])[] = [];
    new TrackedFrames(all$, 'newest', {}).subscribe(() => seen.push(closed()));
    expect(seen).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ]);
    expect(closed()).toEqual([1, 1, 1]);
  });

  it('PK1 leaves frames open on request', async () => {
    const { all$, closed } = fakeResults();
    const frames = new TrackedFrames(all$, 'all', { keepFrames: true });
    frames.subscribe();
    for await (const _ of frames);
    expect(closed()).toEqual([0, 0, 0]);
  });

  it('PK2 a loop gets every result, and closes a frame when it goes on', async () => {
    const { all$, closed } = fakeResults();
    const seen: (readonly number[])[] = [];
    for await (const _ of new TrackedFrames(all$, 'all', {})) seen.push(closed());
    expect(seen).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ]);
    expect(closed()).toEqual([1, 1, 1]);
  });

  it('PK2 a live loop that is behind gets the newest result; replaced frames are closed', async () => {
    const { all$, closed } = fakeResults();
    const seen: number[] = [];
    for await (const { frame } of new TrackedFrames(all$, 'newest', {})) seen.push(frame.index);
    expect(seen).toEqual([2]);
    expect(closed()).toEqual([1, 1, 1]);
  });

  it('PK2 leaving a loop ends the tracking and closes what waits', async () => {
    const { all$, closed } = fakeResults();
    let ended = false;
    const endless$ = new Observable<TrackedFrame>((subscriber) => {
      all$.subscribe((tracked) => subscriber.next(tracked));
      return () => {
        ended = true;
      };
    });
    for await (const { frame } of new TrackedFrames(endless$, 'all', {})) if (frame.index === 1) break;
    expect(ended).toBe(true);
    expect(closed()).toEqual([1, 1, 1]);
  });

  it('PK2 an error of the stream is thrown by the loop', async () => {
    const results$ = new Subject<TrackedFrame>();
    const iterator = new TrackedFrames(results$, 'newest', {})[Symbol.asyncIterator]();
    const next = iterator.next();
    results$.error(new Error('lost'));
    await expect(next).rejects.toThrow('lost');
  });

  it('PK3 an abort completes subscriptions and loops, also one before they begin', async () => {
    const controller = new AbortController();
    const results$ = new Subject<TrackedFrame>();
    const frames = new TrackedFrames(results$, 'newest', { signal: controller.signal });
    const ends: string[] = [];
    frames.subscribe({ complete: () => ends.push('subscription') });
    const next = frames[Symbol.asyncIterator]().next();
    controller.abort();
    expect((await next).done).toBe(true);
    frames.subscribe({ complete: () => ends.push('late') });
    expect(ends).toEqual(['subscription', 'late']);
    expect(results$.observed).toBe(false);
  });
});
