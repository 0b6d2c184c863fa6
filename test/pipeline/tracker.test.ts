import { of, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTracker, type Frame, type TrackedFrame, type TrackerError, type TrackerOptions } from '../../src/index';
import { tinyFaceModel } from '../face/tiny-face-model';
import { fakeFrame } from './doubles';
import { type FakeWorker, fakeWorkers, settle } from './fake-worker';

beforeEach(() => vi.stubGlobal('document', { baseURI: 'http://localhost/app/index.html' }));
afterEach(() => vi.unstubAllGlobals());

async function opened(options: TrackerOptions = {}) {
  const fake = fakeWorkers();
  const opening = createTracker({ ...options, spawn: fake.spawn });
  fake.last().open(tinyFaceModel());
  return { ...fake, tracker: await opening };
}

/** The frames the worker was asked for. */
const indices = (worker: FakeWorker) => worker.requests.map(({ frame }) => frame.index);

describe('createTracker', () => {
  it('opens the worker with addresses resolved against the page', async () => {
    const { last, tracker } = await opened({ bundle: 'models/trial' });
    expect(last().sent[0]).toMatchObject({
      settings: { bundle: 'http://localhost/app/models/trial/', assets: { folder: 'http://localhost/app/generated/' } },
    });
    expect(tracker.faceModel.vertexCount).toBeGreaterThan(0);
  });

  it('PK3 an abort ends the loading with its reason, and closes an open tracker', async () => {
    const reason = new Error('not needed any more');
    const loading = new AbortController();
    const fake = fakeWorkers();
    const opening = createTracker({ spawn: fake.spawn, signal: loading.signal });
    loading.abort(reason);
    await expect(opening).rejects.toBe(reason);
    expect(fake.last().terminated).toBe(true);
    await expect(createTracker({ signal: loading.signal })).rejects.toBe(reason);

    const running = new AbortController();
    const { tracker } = await opened({ signal: running.signal });
    running.abort();
    await expect(tracker.trackStill(fakeFrame(0))).rejects.toMatchObject({ code: 'closed' });
  });

  it('refuses options out of range, with name and value', async () => {
    await expect(createTracker({ faces: 65 })).rejects.toThrow('faces must be an integer from 1 to 64, not 65');
    await expect(createTracker({ threads: 0.5 })).rejects.toThrow(/threads .* not 0.5/);
  });

  it('F4: track processes the newest frame and closes replaced ones', async () => {
    const { last, tracker } = await opened();
    const frames$ = new Subject<Frame>();
    const seen: TrackedFrame[] = [];
    tracker.track(frames$, { keepFrames: true }).subscribe((tracked) => seen.push(tracked));
    const frames = [0, 1, 2].map((index) => fakeFrame(index));
    for (const frame of frames) frames$.next(frame);
    await settle();
    last().seen();
    await settle();
    last().seen();
    await settle();
    expect(indices(last())).toEqual([0, 2]);
    expect(seen.map(({ frame }) => frame.index)).toEqual([0, 2]);
    expect(frames.map(({ image }) => image.closed)).toEqual([0, 1, 0]);
  });

  it('F6: a frame tracked after unsubscription is closed, and the stream removed', async () => {
    const { last, tracker } = await opened();
    const frames$ = new Subject<Frame>();
    const subscription = tracker.track(frames$, { keepFrames: true }).subscribe();
    const frame = fakeFrame(0);
    frames$.next(frame);
    await settle();
    subscription.unsubscribe();
    last().seen();
    await settle();
    expect(frame.image.closed).toBe(1);
    expect(last().sent.at(-1)).toEqual({ type: 'end', stream: 0 });
  });

  it('P15: a live stream skips failing frames, at most three in a row', async () => {
    const { last, tracker } = await opened();
    const frames$ = new Subject<Frame>();
    const seen: string[] = [];
    tracker.track(frames$, { keepFrames: true }).subscribe({
      next: ({ frame }) => seen.push(`frame ${frame.index}`),
      error: (reason: Error) => seen.push(reason.message),
    });
    const answer = async (index: number, fails: boolean) => {
      frames$.next(fakeFrame(index));
      await settle();
      if (fails) last().fail();
      else last().seen();
      await settle();
    };
    for (const index of [0, 1, 2]) await answer(index, true);
    await answer(3, false);
    for (const index of [4, 5, 6]) await answer(index, true);
    expect(seen).toEqual(['frame 3']);
    await answer(7, true);
    expect(seen).toEqual(['frame 3', 'no']);
  });

  it('P15: running streams end with an error when the tracker is closed', async () => {
    const { tracker } = await opened();
    const frames$ = new Subject<Frame>();
    const seen: string[] = [];
    tracker
      .track(frames$, { keepFrames: true })
      .subscribe({ error: (reason: TrackerError) => seen.push(reason.cause.name) });
    frames$.next(fakeFrame(0));
    await settle();
    await tracker.close();
    await settle();
    expect(seen).toEqual(['ClosedError']);
  });

  it('F7: trackEvery skips no frame', async () => {
    const { last, tracker } = await opened();
    const seen: number[] = [];
    tracker.trackEvery(of(fakeFrame(0), fakeFrame(1), fakeFrame(2))).subscribe(({ frame }) => seen.push(frame.index));
    for (let i = 0; i < 3; i++) {
      await settle();
      last().seen();
    }
    await settle();
    expect(seen).toEqual([0, 1, 2]);
  });

  it('P15: a failing frame is an error of trackEvery, and queued frames are closed', async () => {
    const { last, tracker } = await opened();
    const frames = [fakeFrame(0), fakeFrame(1)];
    const seen: string[] = [];
    tracker.trackEvery(of(...frames)).subscribe({ error: (reason: Error) => seen.push(reason.message) });
    await settle();
    last().fail();
    await settle();
    expect(seen).toEqual(['no']);
    expect(frames[1]?.image.closed).toBe(1);
  });

  it('P5: each stream has its own memory', async () => {
    const { last, tracker } = await opened();
    for (let i = 0; i < 2; i++) tracker.track(of(fakeFrame(i))).subscribe();
    await settle();
    expect(last().requests.map((request) => request.type === 'track' && request.stream)).toEqual([0, 1]);
  });

  it('P2: trackStill sends a request without a stream', async () => {
    const { last, tracker } = await opened();
    const asking = tracker.trackStill(fakeFrame(4));
    await settle();
    expect(last().requests.at(-1)?.type).toBe('still');
    last().seen();
    expect((await asking).frame.index).toBe(4);
  });
});
