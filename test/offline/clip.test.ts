import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { faceOf } from '../../src/face/expression';
import type { TrackedFrame } from '../../src/face/types';
import { type ClipIdentity, clipKey, loadClip, storeClip } from '../../src/offline/clip-store';
import { ClipTracks } from '../../src/offline/clip-tracks';
import { trackClip } from '../../src/offline/track-clip';
import { RecordingStore } from '../../src/recording/recording-store';
import { sampleFace } from '../smoothing/sample-face';
import { landmarks } from './landmarks';

const IDENTITY: ClipIdentity = { name: 'man.mp4', kind: 'video', bundle: 'peekaboo', faces: 1 };

/** Tracked frames at 25 per second, with a face in all but the first. */
async function* trackedFrames(count: number): AsyncGenerator<TrackedFrame> {
  for (let index = 0; index < count; index++) {
    const mask = {
      width: 2,
      height: 2,
      extent: 1,
      occluder: Uint8Array.of(index, 0, 0, 9),
      skin: new Uint8Array(4),
      own: new Uint8Array(4),
    };
    const face = { ...sampleFace({ centre: [100 + index, 50], state: index === 1 ? 'found' : 'tracked' }), mask };
    const frame = { image: undefined as never, time: index / 25, index, width: 640, height: 480, source: 'man.mp4' };
    yield { frame, faces: index === 0 ? [] : [faceOf(face)], timings: {} as never, provider: 'wasm' };
  }
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('ClipTracks', () => {
  it('OF2 keeps the faces of every frame, in order, with their masks', async () => {
    const times: number[] = [];
    const tracks = await trackClip(trackedFrames(30), { landmarks, onFrame: (time) => times.push(time) });
    expect(times).toHaveLength(30);
    expect(tracks.frames.map(({ faces }) => faces.length)).toEqual([0, ...Array(29).fill(1)]);
    const [face] = tracks.facesOf(20);
    expect(face?.camera.centre[0]).toBeCloseTo(120, 0);
    expect(face?.landmarks478).toHaveLength(1434);
    expect(face?.mask.width).toBe(2);
  });

  it('OF2 finds the frame that is shown at a time', () => {
    const frames = [0, 0.04, 0.08].map((time) => ({ time, width: 1, height: 1, faces: [] }));
    const tracks = new ClipTracks(frames, landmarks);
    expect([-1, 0, 0.039, 0.0399999, 0.05, 9].map((time) => tracks.indexAt(time))).toEqual([-1, 0, 1, 1, 1, 2]);
    expect(tracks.facesOf(7)).toEqual([]);
  });

  it('OF2 an abort also ends the smoothing that follows', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const onFrame = (time: number) => {
      if (time > 50 / 25) setTimeout(() => abort.abort(reason));
    };
    const work = trackClip(trackedFrames(60), { landmarks, signal: abort.signal, onFrame });
    await expect(work).rejects.toBe(reason);
  });

  it('OF2 an abort ends the tracking with its reason', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const work = trackClip(trackedFrames(30), { landmarks, signal: abort.signal, onFrame: () => abort.abort(reason) });
    await expect(work).rejects.toBe(reason);
  });
});

describe('storage of clips', () => {
  it('OF3 a stored clip gives the same faces again', { timeout: 60_000 }, async () => {
    const tracks = await trackClip(trackedFrames(210), { landmarks });
    await storeClip('clip-1', tracks, IDENTITY);
    await storeClip('clip-1', tracks, IDENTITY);
    const loaded = await loadClip('clip-1', landmarks);
    expect(loaded?.frames).toHaveLength(210);
    for (const index of [0, 1, 100, 209]) {
      const [face] = tracks.facesOf(index);
      const [again] = loaded?.facesOf(index) ?? [];
      expect(again?.mask).toEqual(face?.mask);
      expect(again?.camera.centre[0] ?? 0).toBeCloseTo(face?.camera.centre[0] ?? 0, 2);
      expect(again?.state).toBe(face?.state);
    }
    expect((await new RecordingStore().list()).map(({ id, name }) => [id, name])).toEqual([
      ['clip-1', 'man.mp4, whole video'],
    ]);
  });

  it('OF3 without a complete result there is none', async () => {
    expect(await loadClip('clip-2', landmarks)).toBeUndefined();
  });

  it('OF3 the key depends on name, size, content, weights and number of faces', async () => {
    const bytes = new Uint8Array(300_000);
    const changed = bytes.slice();
    changed[150_001] = 1;
    const blob = new Blob([bytes]);
    const keys = await Promise.all([
      clipKey(blob, IDENTITY),
      clipKey(blob, { ...IDENTITY, name: 'b.mp4' }),
      clipKey(blob, { ...IDENTITY, bundle: 'peekaboo-open' }),
      clipKey(blob, { ...IDENTITY, faces: 2 }),
      clipKey(new Blob([changed]), IDENTITY),
      clipKey(new Blob([bytes.subarray(1)]), IDENTITY),
    ]);
    expect(new Set(keys).size).toBe(6);
    expect(await clipKey(new Blob([bytes.slice()]), IDENTITY)).toBe(keys[0]);
    expect(keys[0]).toMatch(/^clip-[0-9a-f]{40}$/);
  });
});
