import { BehaviorSubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { animatedImage, type ImageBrowser, isAnimated } from '../../src/capture/animated-image';
import type { Frame } from '../../src/face/types';
import { Ledger, settle } from './doubles';

const blob = new Blob(['any']);
const options = { name: 'a.gif', type: 'image/gif' };

/** A decoder of `count` frames of 40 ms; `broken` ones cannot be decoded. The test ends each wait. */
function setUp({ count = 3, broken = [] as number[] } = {}) {
  const ledger = new Ledger();
  const decoded: number[] = [];
  const waits: { seconds: number; end: () => void }[] = [];
  let closed = 0;
  const decoder = {
    tracks: { ready: Promise.resolve(), selectedTrack: { animated: count > 1, frameCount: count } },
    completed: broken.length > 0 ? Promise.reject(new Error('damaged')) : Promise.resolve(),
    decode: async ({ frameIndex }: { frameIndex: number }) => {
      if (broken.includes(frameIndex)) throw new Error('damaged');
      decoded.push(frameIndex);
      return { image: Object.assign(ledger.image(), { duration: frameIndex === 1 ? 0 : 40_000 }) };
    },
    close: () => {
      closed++;
    },
  };
  decoder.completed.catch(() => undefined);
  const browser: ImageBrowser = {
    open: () => decoder as unknown as ImageDecoder,
    wait: (seconds) => new Promise((resolve) => waits.push({ seconds, end: resolve })),
  };
  const endWait = async () => {
    waits.at(-1)?.end();
    await settle();
  };
  return { browser, ledger, decoded, waits, endWait, closings: () => closed };
}

describe('animatedImage', () => {
  it('F10: plays in a loop at the picture’s own speed, with increasing times', async () => {
    const { browser, ledger, decoded, waits, endWait, closings } = setUp();
    const frames: Frame[] = [];
    const subscription = animatedImage(blob, options, browser).subscribe((frame) => frames.push(frame));
    await settle();
    for (let i = 0; i < 4; i++) await endWait();
    expect(decoded).toEqual([0, 1, 2, 0, 1]);
    expect(waits.map(({ seconds }) => seconds)).toEqual([0.04, 0.1, 0.04, 0.04, 0.1]);
    const times = frames.map(({ time }) => Number(time.toFixed(2)));
    expect(times).toEqual([0, 0.04, 0.14, 0.18, 0.22]);
    expect(frames.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    subscription.unsubscribe();
    await endWait();
    expect([decoded.length, closings()]).toEqual([5, 1]);
    for (const { image } of frames) image.close();
    expect(ledger.faults()).toEqual([]);
  });

  it('pauses and resumes', async () => {
    const { browser, decoded, endWait } = setUp();
    const paused$ = new BehaviorSubject(true);
    animatedImage(blob, { ...options, paused$ }, browser).subscribe();
    await settle();
    expect(decoded).toEqual([]);
    paused$.next(false);
    await settle();
    paused$.next(true);
    await endWait();
    expect(decoded).toEqual([0]);
  });

  it('F10: shows the first frame in place of a damaged one; a damaged first frame is an error', async () => {
    const cut = setUp({ broken: [2] });
    animatedImage(blob, options, cut.browser).subscribe();
    await settle();
    for (let i = 0; i < 3; i++) await cut.endWait();
    expect(cut.decoded).toEqual([0, 1, 0, 0]);
    const told: string[] = [];
    animatedImage(blob, options, setUp({ broken: [0] }).browser).subscribe({
      error: (e: Error) => told.push(e.message),
    });
    await settle();
    expect(told).toHaveLength(1);
  });

  it('F10: a single frame, and a browser without the decoder, are not animated', async () => {
    expect(await isAnimated(blob, 'image/gif', setUp().browser)).toBe(true);
    expect(await isAnimated(blob, 'image/gif', setUp({ count: 1 }).browser)).toBe(false);
    expect(await isAnimated(blob, 'image/gif', { ...setUp().browser, open: undefined })).toBe(false);
  });
});
