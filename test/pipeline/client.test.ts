import { afterEach, describe, expect, it, vi } from 'vitest';
import { openClient } from '../../src/pipeline/client';
import type { OpenSettings, Progress } from '../../src/pipeline/protocol';
import { SMOOTHING_PRESETS } from '../../src/smoothing/settings';
import { sampleFace } from '../smoothing/sample-face';
import { fakeFrame } from './doubles';
import { fakeWorkers, settle, timings } from './fake-worker';

const settings: OpenSettings = {
  bundle: 'http://localhost/models/a/',
  assets: { folder: 'http://localhost/generated/', files: {} },
  provider: 'auto',
  detector: 'auto',
  threads: 1,
  smooth: true,
  verticalFov: 63,
  rawFaces: false,
  wideMasks: false,
  faces: 1,
  smoothing: SMOOTHING_PRESETS.balanced,
};

async function opened(patience?: number) {
  const fake = fakeWorkers();
  const opening = openClient({ settings, spawn: fake.spawn, ...(patience ? { patience } : {}) });
  fake.last().open();
  return { ...fake, client: await opening };
}

describe('openClient', () => {
  afterEach(() => void vi.useRealTimers());

  it('sends the settings, reports progress, resolves when the worker is ready', async () => {
    const { spawn, last } = fakeWorkers();
    const told: Progress[] = [];
    const opening = openClient({ settings, spawn, onProgress: (progress) => told.push(progress) });
    expect(last().sent).toEqual([{ type: 'open', settings }]);
    last().answer({ type: 'progress', progress: { stage: 'network', loaded: 1, total: 2 } });
    last().open();
    const client = await opening;
    expect(told).toEqual([{ stage: 'network', loaded: 1, total: 2 }]);
    expect(client.provider).toBe('wasm');
  });

  it('D8: faces that arrive have their expression by name, as a view on the coefficients', async () => {
    const { client, last } = await opened();
    const answer = client.trackFrame(0, fakeFrame(0));
    await settle();
    last().seen(-1, [sampleFace({ expression: Float32Array.from({ length: 52 }, (_, i) => i / 64) })]);
    const [face] = (await answer).faces;
    expect(face?.expression.jawOpen).toBe(17 / 64);
    expect(face?.expressionValues).toBe(face?.coefficients.expression);
    expect(face?.restingFace).toBeNull();
  });

  it('P17: new smoothing is sent to the worker, and to later ones', async () => {
    const { client, last } = await opened();
    client.setSmoothing(SMOOTHING_PRESETS.quick);
    expect(last().sent.at(-1)).toEqual({ type: 'smoothing', settings: SMOOTHING_PRESETS.quick });
    last().die();
    void client.trackStill(fakeFrame(0)).catch(() => undefined);
    await settle();
    expect(last().sent[0]).toMatchObject({ type: 'open', settings: { smoothing: SMOOTHING_PRESETS.quick } });
  });

  it('P17: raw faces are requested from the worker, and from later ones', async () => {
    const { client, last } = await opened();
    client.setRawFaces(true);
    expect(last().sent.at(-1)).toEqual({ type: 'rawFaces', include: true });
    last().die();
    void client.trackStill(fakeFrame(0)).catch(() => undefined);
    await settle();
    expect(last().sent[0]).toMatchObject({ type: 'open', settings: { rawFaces: true } });
  });

  it('K7: wide masks are requested from the worker, and from later ones', async () => {
    const { client, last } = await opened();
    client.setWideMasks(true);
    expect(last().sent.at(-1)).toEqual({ type: 'wideMasks', extend: true });
    last().die();
    void client.trackStill(fakeFrame(0)).catch(() => undefined);
    await settle();
    expect(last().sent[0]).toMatchObject({ type: 'open', settings: { wideMasks: true } });
  });

  it('D8: raw faces that arrive have their expression by name', async () => {
    const { client, last } = await opened();
    const answer = client.trackFrame(0, fakeFrame(0));
    await settle();
    const { id, pose, camera } = sampleFace();
    const expressionValues = Float32Array.from({ length: 52 }, (_, i) => i / 64);
    const { frame, id: request } = last().asked(-1);
    const raw = [{ id, pose, camera, expressionValues }];
    last().answer({ type: 'tracked', id: request, frame, faces: [], raw, timings, provider: 'wasm' });
    expect((await answer).raw?.[0]?.expression.jawOpen).toBe(17 / 64);
  });

  it('P10: a worker that refuses is ended, and its reason thrown with its name', async () => {
    const { spawn, last } = fakeWorkers();
    const opening = openClient({ settings, spawn });
    last().answer({ type: 'refused', failure: { name: 'BundleError', message: 'version 7' } });
    await expect(opening).rejects.toMatchObject({
      name: 'TrackerError',
      message: 'version 7',
      cause: { name: 'BundleError' },
    });
    expect(last().terminated).toBe(true);
  });

  it('P10: a worker that cannot start is an error', async () => {
    const { spawn, last } = fakeWorkers();
    const opening = openClient({ settings, spawn });
    last().die('');
    await expect(opening).rejects.toMatchObject({ name: 'TrackerError', cause: { name: 'WorkerError' } });
  });

  it('F1: the image is transferred and comes back with the faces', async () => {
    const { client, last } = await opened();
    const frame = fakeFrame(3);
    const asking = client.trackFrame(0, frame);
    await settle();
    expect(last().transferred).toEqual([frame.image]);
    last().seen();
    expect(await asking).toMatchObject({ frame: { index: 3 }, faces: [], provider: 'wasm' });
    expect(frame.image.closed).toBe(0);
  });

  it('answers are matched to their requests in any order', async () => {
    const { client, last } = await opened();
    const asking = [client.trackFrame(0, fakeFrame(0)), client.trackStill(fakeFrame(1))] as const;
    await settle();
    last().seen(1);
    last().seen(0);
    expect((await asking[0]).frame.index).toBe(0);
    expect((await asking[1]).frame.index).toBe(1);
  });

  it('P9: a failing call rejects itself only', async () => {
    const { client, last } = await opened();
    const failing = client.trackFrame(0, fakeFrame(0));
    const working = client.trackFrame(0, fakeFrame(1));
    await settle();
    last().fail(0, 'bad picture');
    last().seen(1);
    await expect(failing).rejects.toThrow('bad picture');
    expect((await working).frame.index).toBe(1);
  });

  it('F1: a frame that cannot be sent is closed', async () => {
    const { client, last } = await opened();
    last().port.postMessage = () => {
      throw new Error('DataCloneError');
    };
    const frame = fakeFrame(0);
    await expect(client.trackFrame(0, frame)).rejects.toThrow('DataCloneError');
    expect(frame.image.closed).toBe(1);
  });

  it('P10: when a worker stops, pending requests are rejected, and the next frame starts another', async () => {
    const { client, last, workers } = await opened();
    const pending = client.trackFrame(0, fakeFrame(0));
    await settle();
    last().die('out of memory');
    await expect(pending).rejects.toThrow(/out of memory/);
    expect(workers[0]?.terminated).toBe(true);

    const next = client.trackFrame(0, fakeFrame(1));
    expect(workers).toHaveLength(2);
    last().open();
    await settle();
    last().seen();
    expect((await next).frame.index).toBe(1);
  });

  it('P10: a still, which takes many inferences, may take five times as long', async () => {
    vi.useFakeTimers();
    const { client, workers } = await opened(1_000);
    const hanging = expect(client.trackStill(fakeFrame(0))).rejects.toMatchObject({
      name: 'TrackerError',
      cause: { name: 'WorkerError' },
    });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(workers[0]?.terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await hanging;
    expect(workers[0]?.terminated).toBe(true);
  });

  it.each([
    [undefined, 60_000],
    [5_000, 5_000],
  ])('P10: without an answer for %s ms (default one minute) a worker counts as stopped', async (patience, limit) => {
    vi.useFakeTimers();
    const { client, last, workers } = await opened(patience);
    const answered = client.trackFrame(0, fakeFrame(0));
    const hung = client.trackFrame(0, fakeFrame(1));
    const hanging = expect(hung).rejects.toMatchObject({
      cause: { name: 'WorkerError' },
      message: expect.stringContaining('no answer'),
    });
    await vi.advanceTimersByTimeAsync(limit - 1);
    // An answer gives the worker the whole time anew.
    last().seen(0);
    await answered;
    await vi.advanceTimersByTimeAsync(limit - 1);
    expect(workers[0]?.terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await hanging;
    expect(workers[0]?.terminated).toBe(true);

    const next = client.trackFrame(0, fakeFrame(2));
    last().open();
    await vi.advanceTimersByTimeAsync(0);
    last().seen();
    expect((await next).frame.index).toBe(2);
    await vi.advanceTimersByTimeAsync(3 * limit);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);

    const alone = expect(client.trackFrame(0, fakeFrame(3))).rejects.toThrow('no answer');
    await vi.advanceTimersByTimeAsync(limit);
    await alone;
  });

  /** Milliseconds until the current worker is ended, in steps of a timer that comes on time; `each` runs before each. */
  async function msUntilEnded({ last }: Awaited<ReturnType<typeof opened>>, most: number, each = () => {}) {
    const worker = last();
    for (let ms = 0; ms <= most; ms += 100) {
      if (worker.terminated) return ms;
      each();
      await vi.advanceTimersByTimeAsync(100);
    }
    return Number.POSITIVE_INFINITY;
  }

  it('P10: a worker that falls silent while a frame is pending is replaced within 4 s', async () => {
    vi.useFakeTimers();
    const fake = await opened();
    fake.last().answer({ type: 'alive' });
    const pending = expect(fake.client.trackFrame(0, fakeFrame(0))).rejects.toThrow('no message for');
    await vi.advanceTimersByTimeAsync(0);
    expect(await msUntilEnded(fake, 20_000)).toBeLessThanOrEqual(4_000);
    await pending;
    const next = fake.client.trackFrame(0, fakeFrame(1));
    fake.last().open();
    await vi.advanceTimersByTimeAsync(0);
    fake.last().seen();
    expect((await next).frame.index).toBe(1);
  });

  it.each([
    ['closed', 'open' as const],
    ['refused', 'refuse' as const],
  ])('PK3 a signal does not keep a tracker that is %s', async (_, answer) => {
    const { spawn, last } = fakeWorkers();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const opening = openClient({ settings, spawn, signal });
    if (answer === 'open') {
      last().open();
      (await opening).close();
    } else {
      last().answer({ type: 'refused', failure: { name: 'Error', message: 'no' } });
      await expect(opening).rejects.toThrow('no');
    }
    const [listener] = added.mock.calls.map(([type, called]) => [type, called]);
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls.map(([type, called]) => [type, called])).toContainEqual(listener);
    expect(last().terminated).toBe(true);
  });

  it('P10: a worker that never sends a message is an error after a minute, not an endless wait', async () => {
    vi.useFakeTimers();
    const fake = fakeWorkers();
    const opening = expect(openClient({ settings, spawn: fake.spawn })).rejects.toMatchObject({
      code: 'worker-blocked',
      message: expect.stringContaining('did not start: no message for 60'),
    });
    await vi.advanceTimersByTimeAsync(61_000);
    await opening;
    expect(fake.last().terminated).toBe(true);
  });

  it('P10: a worker that reports that it is alive, or has nothing to do, is not replaced', async () => {
    vi.useFakeTimers();
    const fake = await opened();
    fake.last().answer({ type: 'alive' });
    expect(await msUntilEnded(fake, 30_000)).toBe(Number.POSITIVE_INFINITY);
    void fake.client.trackFrame(0, fakeFrame(0)).catch(() => undefined);
    const beat = () => fake.last().answer({ type: 'alive' });
    expect(await msUntilEnded(fake, 30_000, beat)).toBe(Number.POSITIVE_INFINITY);
  });

  it('P10: silence while the page itself was busy does not count', async () => {
    vi.useFakeTimers();
    const fake = await opened();
    fake.last().answer({ type: 'alive' });
    void fake.client.trackFrame(0, fakeFrame(0)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    const base = performance.now();
    const now = vi.spyOn(performance, 'now').mockReturnValue(base + 60_000);
    await vi.advanceTimersByTimeAsync(500);
    now.mockRestore();
    expect(fake.last().terminated).toBe(false);
  });

  it('P10: a worker may be silent for longer on a still', async () => {
    vi.useFakeTimers();
    const fake = await opened();
    fake.last().answer({ type: 'alive' });
    void fake.client.trackStill(fakeFrame(0)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    const ended = await msUntilEnded(fake, 60_000);
    expect(ended).toBeGreaterThan(15_000);
    expect(ended).toBeLessThan(25_000);
  });

  it('P10: a worker that falls silent while it opens rejects the opening', async () => {
    vi.useFakeTimers();
    const { spawn, last } = fakeWorkers();
    const opening = expect(openClient({ settings, spawn })).rejects.toThrow('no message for');
    last().answer({ type: 'alive' });
    await vi.advanceTimersByTimeAsync(65_000);
    await opening;
    expect(last().terminated).toBe(true);
  });

  it('P10: a worker that stops while a frame waits for its opening rejects and closes that frame', async () => {
    const { client, last } = await opened();
    last().die();
    const frame = fakeFrame(0);
    const asking = client.trackFrame(0, frame);
    last().open();
    last().die();
    await expect(asking).rejects.toMatchObject({ name: 'TrackerError', cause: { name: 'WorkerError' } });
    expect(frame.image.closed).toBe(1);
  });

  it('P10: after three restarts in a row requests fail with advice, and their frames are closed', async () => {
    const { client, last, workers } = await opened();
    for (let i = 0; i < 4; i++) {
      const pending = client.trackFrame(0, fakeFrame(i));
      if (i > 0) last().open();
      await settle();
      last().die();
      await expect(pending).rejects.toMatchObject({ name: 'TrackerError', cause: { name: 'WorkerError' } });
    }
    const frame = fakeFrame(9);
    await expect(client.trackFrame(0, frame)).rejects.toThrow(/Reload the page/);
    expect(frame.image.closed).toBe(1);
    expect(workers).toHaveLength(4);
  });

  it('P10: an answer resets the count of stops', async () => {
    const { client, last, workers } = await opened();
    for (let i = 0; i < 6; i++) {
      const working = client.trackFrame(0, fakeFrame(i));
      if (i > 0) last().open();
      await settle();
      last().seen();
      await working;
      last().die();
    }
    expect(workers).toHaveLength(6);
  });

  it('P10: close ends the worker, rejects pending requests, and is idempotent', async () => {
    const { client, last } = await opened();
    const pending = client.trackStill(fakeFrame(0));
    await settle();
    client.close();
    client.close();
    await expect(pending).rejects.toMatchObject({ name: 'TrackerError', cause: { name: 'ClosedError' } });
    expect(last().terminated).toBe(true);
    const frame = fakeFrame(1);
    await expect(client.trackStill(frame)).rejects.toMatchObject({
      name: 'TrackerError',
      cause: { name: 'ClosedError' },
    });
    expect(frame.image.closed).toBe(1);
  });
});
