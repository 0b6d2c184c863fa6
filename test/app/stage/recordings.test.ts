import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { BehaviorSubject, EMPTY, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Source } from '../../../src/app/session/source';
import { Recordings } from '../../../src/app/stage/recordings';
import type { TrackedFrame } from '../../../src/face/types';
import type { RecordingInfo } from '../../../src/recording/recording-database';
import { RecordingStore } from '../../../src/recording/recording-store';

const SOURCE: Source = { kind: 'sample', name: 'Sample clip', frames$: EMPTY };
const TIMINGS = { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0, total: 0 };

function frameAt(time: number): TrackedFrame {
  const frame = { image: {} as ImageBitmap, time, index: 0, width: 640, height: 480, source: 'x' };
  return { frame, faces: [], timings: TIMINGS, provider: 'wasm' };
}

function setUp() {
  const store = new RecordingStore();
  const tracked$ = new Subject<TrackedFrame>();
  const source$ = new BehaviorSubject<Source | undefined>(SOURCE);
  const rawFaces$ = new BehaviorSubject(false);
  const saved: [string, Blob][] = [];
  const warnings: string[] = [];
  const warn = (text: string) => {
    warnings.push(text);
    return () => undefined;
  };
  const notices = { warn, clearWarning: () => undefined };
  const save = (name: string, file: Blob) => void saved.push([name, file]);
  const recordings = new Recordings({ store, tracked$, source$, rawFaces$, bundle: () => 'peekaboo', save, notices });
  const phases: string[] = [];
  recordings.state$.subscribe(({ phase }) => phases.at(-1) !== phase && phases.push(phase));
  let list: readonly RecordingInfo[] = [];
  recordings.stored.items$.subscribe((now) => {
    list = now;
  });
  const phase = (wanted: string) => vi.waitFor(() => expect(phases.at(-1)).toBe(wanted));
  return { store, tracked$, source$, rawFaces$, saved, warnings, recordings, phases, phase, list: () => list };
}
let test: ReturnType<typeof setUp>;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  test = setUp();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await test.store.close();
});

/** Starts a recording and waits until the countdown is over. */
async function start(): Promise<void> {
  test.tracked$.next(frameAt(1));
  test.recordings.toggle();
  expect(test.phases.at(-1)).toBe('countdown');
  expect(test.rawFaces$.value).toBe(true);
  vi.advanceTimersByTime(3000);
  await test.phase('recording');
}

describe('Recordings', () => {
  it('RU1 records the frames between the countdown and the stop, with markers, and keeps them', async () => {
    await start();
    for (const time of [2, 2.1, 2.2]) test.tracked$.next(frameAt(time));
    test.recordings.mark();
    test.tracked$.next(frameAt(2.3));
    test.recordings.toggle();
    await test.phase('idle');
    await vi.waitFor(() => expect(test.list()).toHaveLength(1));
    expect(test.list()[0]).toMatchObject({
      frames: 4,
      start: 2,
      end: 2.3,
      state: 'complete',
      bundle: 'peekaboo',
      width: 640,
      markers: [{ time: 2.2, name: 'Marker 1' }],
    });
    expect(test.phases).toEqual(['idle', 'countdown', 'recording', 'saving', 'idle']);
    expect(test.rawFaces$.value).toBe(false);
  });

  it('RU1 the countdown can be cancelled; nothing is stored', async () => {
    test.tracked$.next(frameAt(1));
    test.recordings.toggle();
    vi.advanceTimersByTime(1000);
    test.recordings.toggle();
    vi.advanceTimersByTime(5000);
    await test.phase('idle');
    expect(await test.store.list()).toEqual([]);
  });

  it('RU1 a recording that is cancelled while it is created, and started again, is recorded once', async () => {
    test.tracked$.next(frameAt(1));
    test.recordings.toggle();
    vi.advanceTimersByTime(3000);
    test.recordings.toggle();
    await start();
    test.tracked$.next(frameAt(2));
    await test.recordings.stop();
    await vi.waitFor(() => expect(test.list()).toHaveLength(1));
    expect(test.list()[0]).toMatchObject({ frames: 1, state: 'complete' });
    expect(test.phases).toEqual(['idle', 'countdown', 'idle', 'countdown', 'recording', 'saving', 'idle']);
  });

  it('RU2 a change of the source ends the recording and keeps it', async () => {
    await start();
    test.tracked$.next(frameAt(2));
    test.source$.next(undefined);
    await test.phase('idle');
    await vi.waitFor(() => expect(test.list()[0]?.state).toBe('complete'));
  });

  it('RU2 a change of the source while a recording is saved does not end the saving early', async () => {
    await start();
    test.tracked$.next(frameAt(2));
    test.recordings.toggle();
    expect(test.phases.at(-1)).toBe('saving');
    test.source$.next(undefined);
    expect(test.phases.at(-1)).toBe('saving');
    await test.phase('idle');
  });

  it('RU3 a full disk ends the recording, which is saved as a file with every frame', async () => {
    await start();
    test.tracked$.next(frameAt(2));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no space', 'QuotaExceededError');
    });
    test.tracked$.next(frameAt(2.1));
    test.recordings.mark();
    test.recordings.toggle();
    await test.phase('idle');
    expect(test.warnings.at(-1)).toContain('is full');
    const [, file] = test.saved[0] ?? expect.fail('nothing was saved');
    const [header, ...lines] = (await file.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).time)).toEqual([2, 2.1]);
    expect(JSON.parse(header ?? '').markers).toEqual([{ time: 2.1, name: 'Marker 1' }]);
  });

  it('RU4 without a source, or with a still picture, the reason is shown', () => {
    test.recordings.toggle();
    expect(test.warnings).toEqual(['There is nothing to record yet. Choose a source first.']);
    test.source$.next({ ...SOURCE, kind: 'picture' });
    test.tracked$.next(frameAt(0));
    test.recordings.toggle();
    expect(test.warnings.at(-1)).toContain('still picture');
  });
});
