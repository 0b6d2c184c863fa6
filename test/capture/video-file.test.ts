import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { elementFrames } from '../../src/capture/element-frames';
import { type VideoBrowser, type VideoFileOptions, videoFile } from '../../src/capture/video-file';
import type { Frame } from '../../src/face/types';
import { FakeVideo, Ledger, ledgerFrames, settle } from './doubles';

function setUp() {
  const video = new FakeVideo();
  const ledger = new Ledger();
  const urls: string[] = [];
  const parts = {
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

  it('F9: a video that cannot be played is an error with advice', async () => {
    const { video, told, start } = setUp();
    video.error = { code: 4, message: 'no supported source' } as MediaError;
    start({ name: 'holiday.avi' });
    video.tell('error');
    expect(told[0]).toMatch(/^holiday.avi: .*no supported source.*Convert it/);
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
