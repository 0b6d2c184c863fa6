import { NEVER, type Observable, type Subscription } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CameraBrowser, camera } from '../../src/capture/camera';
import { images } from '../../src/capture/images';
import { trackFrames } from '../../src/capture/media-track-frames';
import { pulledFrames } from '../../src/capture/pulled';
import { type VideoBrowser, videoFile } from '../../src/capture/video-file';
import type { Frame } from '../../src/face/types';
import { FakeDevices, FakeVideo, Ledger, ledgerFrames, NO_FAULTS, settle } from '../capture/doubles';

/** A source of frames whose images are in a ledger; `present` makes it produce one more. */
interface Subject {
  readonly frames$: Observable<Frame>;
  readonly present: () => void | Promise<void>;
}

const sources: Record<string, (ledger: Ledger) => Subject> = {
  camera(ledger) {
    const video = new FakeVideo();
    const parts = { devices: new FakeDevices(), play: async () => video, elementFrames: ledgerFrames(ledger) };
    const present = presenter(video);
    return {
      present,
      frames$: camera({}, { ...parts, trackFrames: () => NEVER } as unknown as CameraBrowser),
    };
  },
  'video file'(ledger) {
    const video = new FakeVideo();
    const urls = { createUrl: () => 'blob:1', revokeUrl: () => undefined };
    const parts = { ...NO_FAULTS, ...urls, createVideo: () => video, elementFrames: ledgerFrames(ledger) };
    const present = presenter(video);
    return {
      present,
      frames$: videoFile(new Blob([]), {}, parts as unknown as VideoBrowser),
    };
  },
  images(ledger) {
    const decode = async () => ledger.image() as unknown as ImageBitmap;
    const files = Array.from({ length: 50 }, (_, i) => ({ name: `${i}`, blob: new Blob([]) }));
    return { frames$: images(files, { decode }), present: () => settleOnce() };
  },
  'pulled frames'(ledger) {
    const generate = async function* () {
      for (let index = 0; index < 50; index++) yield ledger.frame(index);
    };
    return { frames$: pulledFrames(generate), present: () => settleOnce() };
  },
  'camera in the background'(ledger) {
    const queued: VideoFrame[] = [];
    let cancelled = false;
    const waiting: ((result: { value?: VideoFrame; done: boolean }) => void)[] = [];
    const reader = {
      read: () => new Promise((resolve) => waiting.push(resolve)),
      async cancel() {
        cancelled = true;
        for (const image of queued.splice(0)) image.close();
        for (const resolve of waiting.splice(0)) resolve({ done: true });
      },
    };
    class Processor {
      readable = { getReader: () => reader };
    }
    vi.stubGlobal('MediaStreamTrackProcessor', Processor);
    const track = { clone: () => ({ stop: () => undefined }) } as unknown as MediaStreamTrack;
    return {
      frames$: trackFrames(track, 'camera'),
      async present() {
        if (cancelled) return;
        const resolve = waiting.shift();
        const image = Object.assign(ledger.image(), { timestamp: 40_000 * ledger.made });
        if (resolve) resolve({ value: image, done: false });
        else queued.push(image);
        await settleOnce();
      },
    };
  },
};

/** Presents a video's frames, 25 a second. */
function presenter(video: FakeVideo): () => void {
  let index = 0;
  return () => {
    index += 1;
    video.present(index / 25);
  };
}

const settleOnce = async () => {
  await Promise.resolve();
};

afterEach(() => vi.unstubAllGlobals());

for (const [name, make] of Object.entries(sources)) {
  describe(`contract of sources: ${name}`, () => {
    const open = () => {
      const ledger = new Ledger();
      return { ledger, ...make(ledger) };
    };

    it('F2: everything it made is closed once when its user closes what it received', async () => {
      const { ledger, frames$, present } = open();
      let count = 0;
      const subscription: Subscription = frames$.subscribe((frame) => {
        frame.image.close();
        count += 1;
      });
      await settle();
      for (let i = 0; i < 3; i++) await present();
      // One more frame is under way when its user leaves.
      const last = present();
      subscription.unsubscribe();
      await last;
      for (let i = 0; i < 3; i++) await present();
      await settle();
      expect(count).toBeGreaterThan(0);
      expect(ledger.faults()).toEqual([]);
    });

    it('F2: nothing comes after unsubscription inside the first frame', async () => {
      const { ledger, frames$, present } = open();
      const seen: number[] = [];
      const subscription: Subscription = frames$.subscribe((frame) => {
        seen.push(frame.index);
        frame.image.close();
        subscription?.unsubscribe();
      });
      await settle();
      for (let i = 0; i < 3; i++) await present();
      await settle();
      expect(seen).toEqual([0]);
      expect(ledger.faults()).toEqual([]);
    });

    it('F3: counts from 0, and its time increases from frame to frame', async () => {
      const { ledger, frames$, present } = open();
      const frames: Frame[] = [];
      const subscription = frames$.subscribe((frame) => {
        frame.image.close();
        frames.push(frame);
      });
      await settle();
      for (let i = 0; i < 4; i++) await present();
      await settle();
      subscription.unsubscribe();
      expect(frames.length).toBeGreaterThan(1);
      expect(ledger.faults()).toEqual([]);
      expect(frames.map(({ index }) => index)).toEqual(frames.map((_, i) => i));
      for (const [i, frame] of frames.entries()) {
        if (i > 0) expect(frame.time).toBeGreaterThan(frames[i - 1]?.time ?? 0);
      }
    });

    it('F2: unsubscription before the first frame leaves nothing open', async () => {
      const { ledger, frames$ } = open();
      frames$.subscribe((frame) => frame.image.close()).unsubscribe();
      await settle();
      expect(ledger.faults()).toEqual([]);
    });
  });
}
