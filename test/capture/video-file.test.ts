import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { elementFrames } from '../../src/capture/element-frames';
import { type VideoBrowser, type VideoFileOptions, videoFile } from '../../src/capture/video-file';
import type { Frame } from '../../src/face/types';
import { FakeVideo, Ledger, ledgerFrames, NO_FAULTS, settle } from './doubles';

function setUp(checks: Partial<typeof NO_FAULTS> = {}) {
  const video = new FakeVideo();
  const ledger = new Ledger();
  const urls: string[] = [];
  const parts = {
    ...NO_FAULTS,
    ...checks,
    createVideo: () => video,
    createUrl: () => {
      urls.push('made');
      return 'blob:1';
    },
    revokeUrl: (url: string) => urls.push(`revoked ${url}`),
    elementFrames: ledgerFrames(ledger),
  } as unknown as VideoBrowser;
  const frames: Frame[] = [];
  const told: string[] = [];
  const start = (options?: VideoFileOptions, source: Blob | string = new Blob([])) =>
    videoFile(source, options, parts).subscribe({
      next: (frame) => frames.push(frame),
      error: (reason: Error) => told.push(reason.message),
      complete: () => told.push('complete'),
    });
  return { video, ledger, urls, frames, told, start };
}

describe('videoFile', () => {
  it('F3: plays without sound and gives the presented frames with the media’s time', () => {
    const { video, frames, start } = setUp();
    start({}, 'videos/man.mp4');
    expect(video).toMatchObject({ src: 'videos/man.mp4', muted: true, playing: true });
    for (const time of [0, 0.04, 0.12]) video.present(time);
    expect(frames.map(({ time }) => time)).toEqual([0, 0.04, 0.12]);
    expect(frames.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(frames[0]?.source).toBe('man.mp4');
  });

  it('F3: a frame that is presented twice is one frame', () => {
    const { video, ledger, frames, start } = setUp();
    start();
    video.present(0.2);
    video.present(0.2);
    expect(frames).toHaveLength(1);
    expect(ledger.made).toBe(1);
  });

  it('F3: time increases when the video loops', () => {
    const { video, frames, start } = setUp();
    start({ loop: true });
    for (const time of [0, 0.04, 2, 0, 0.04]) video.present(time);
    const times = frames.map(({ time }) => time);
    expect(times.slice(0, 3)).toEqual([0, 0.04, 2]);
    expect(times[3]).toBeCloseTo(2.04);
    expect(times[4]).toBeCloseTo(2.08);
  });

  it('completes at the end', () => {
    const { video, told, start } = setUp();
    start();
    video.tell('ended');
    expect(told).toEqual(['complete']);
  });

  it('pauses and resumes', () => {
    const { video, start } = setUp();
    const paused$ = new Subject<boolean>();
    start({ paused$ });
    paused$.next(true);
    expect(video.playing).toBe(false);
    paused$.next(false);
    expect(video.playing).toBe(true);
  });

  it('F9: a pause before playback started is not an error', async () => {
    const { video, told, start } = setUp();
    const paused$ = new Subject<boolean>();
    video.playError = Object.assign(new Error('interrupted'), { name: 'AbortError' });
    start({ paused$ });
    paused$.next(true);
    await settle();
    expect(told).toEqual([]);
  });

  it('F9: a video that cannot be played is an error with the reason and advice, without the decoder’s message', async () => {
    const { video, told, start } = setUp();
    video.error = { code: 4, message: 'DEMUXER_ERROR_COULD_NOT_OPEN' } as MediaError;
    start({ name: 'holiday.avi' });
    video.tell('error');
    await settle();
    expect(told).toEqual(['holiday.avi: it cannot be decoded. Convert it.']);
  });

  it.each([
    [4, new Blob([]), 'man.mp4: it cannot be decoded. Convert it.'],
    [4, undefined, 'man.mp4: the video could not be loaded completely. Open it again.'],
    [2, new Blob([]), 'man.mp4: the video could not be loaded completely. Open it again.'],
  ])(
    'F9: error %s of a video at an address: the reason, also where the browser cannot decode it',
    async (code, file, text) => {
      const { video, told, start } = setUp({ load: async () => file });
      video.error = { code } as MediaError;
      start({}, 'videos/man.mp4');
      video.tell('error');
      await settle();
      expect(told).toEqual([text]);
    },
  );

  it('F10: a file with a fault is an error although its sound plays', async () => {
    const { told, start } = setUp({ findFault: async (_blob?: Blob, name?: string) => `${name} has no video track.` });
    start({ name: 'song.mp4' });
    await settle();
    expect(told).toEqual(['song.mp4 has no video track.']);
  });

  it('F10: a video track that the browser leaves out is an error', async () => {
    const { video, told, start } = setUp();
    start({ name: 'old.mp4' });
    video.videoWidth = 0;
    video.tell('loadedmetadata');
    await settle();
    expect(told).toEqual(['old.mp4: it cannot be decoded. Convert it.']);
  });

  it('F10: a looping video that is damaged repeats the part before, and reports the time once', async () => {
    const { video, frames, told, start } = setUp();
    const damage: number[] = [];
    start({ loop: true, onDamage: (from) => damage.push(from) });
    for (const time of [0, 1, 2]) video.present(time);
    for (let loop = 0; loop < 2; loop++) {
      Object.assign(video, { currentTime: 2.1, src: '' });
      video.tell('error');
      expect([video.src, video.playing]).toEqual(['blob:1', true]);
    }
    video.present(0);
    await settle();
    expect([damage, told, frames.length]).toEqual([[2.1], [], 4]);
  });

  it('F10: without a loop, a damaged video is an error with the time', async () => {
    const { video, told, start } = setUp();
    start({ name: 'a.mp4' });
    video.currentTime = 81;
    video.tell('error');
    await settle();
    expect(told[0]).toMatch(/^a\.mp4 is damaged from 1:21\. Copy/);
  });

  it('F10: damage that the structure of the file shows is reported while the video plays', async () => {
    const { told, start } = setUp({ findDamage: async () => 21 });
    const damage: number[] = [];
    start({ onDamage: (from) => damage.push(from) });
    await settle();
    expect([damage, told]).toEqual([[21], []]);
  });

  it('F2: frees the element and the file’s address on unsubscription', () => {
    const { video, urls, start } = setUp();
    const subscription = start();
    video.present(0);
    subscription.unsubscribe();
    expect(video.watched).toBe(false);
    expect(video.log.slice(-3)).toEqual(['pause', 'remove src', 'load']);
    expect(urls).toEqual(['made', 'revoked blob:1']);
  });
});

describe('elementFrames', () => {
  it('F9: a frame that cannot be copied is an error of the stream', () => {
    const video = new FakeVideo();
    const told: string[] = [];
    const fail = () => {
      throw new Error('tainted');
    };
    elementFrames(video, 'x', fail).subscribe({ error: (reason: Error) => told.push(reason.message) });
    video.present(0);
    expect(told).toEqual(['tainted']);
    expect(video.watched).toBe(false);
  });
});
