import { firstValueFrom, Subject } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../src/face/types';
import { type FrameSource, framesOf } from '../../src/tracker/frame-source';

afterEach(() => vi.unstubAllGlobals());

/** A video element that presents frames when the test says so. */
function fakeVideo() {
  const presented: ((now: number, metadata: { mediaTime: number }) => void)[] = [];
  const video = {
    currentSrc: 'https://app.test/clip.mp4',
    requestVideoFrameCallback: (callback: (typeof presented)[0]) => presented.push(callback),
    cancelVideoFrameCallback: vi.fn(),
  };
  return {
    video,
    source: video as unknown as FrameSource,
    present: (mediaTime: number) => presented.pop()?.(0, { mediaTime }),
    presented,
  };
}

describe('sources of a tracker', () => {
  it('PK2 an Observable is used as it is', () => {
    const frames$ = new Subject<Frame>();
    expect(framesOf(frames$)).toBe(frames$);
  });

  it('PK2 a video element gives the frames that it presents', async () => {
    vi.stubGlobal(
      'VideoFrame',
      class {
        displayWidth = 640;
        displayHeight = 480;
      },
    );
    const { source, presented, present } = fakeVideo();
    const first = firstValueFrom(framesOf(source));
    await vi.waitFor(() => expect(presented).toHaveLength(1));
    present(0.5);
    expect(await first).toMatchObject({ time: 0.5, width: 640, height: 480, source: 'https://app.test/clip.mp4' });
  });

  it('PK2 a source that is left before its code is loaded is not started', async () => {
    const { source, presented } = fakeVideo();
    framesOf(source).subscribe().unsubscribe();
    await import('../../src/tracker/element-sources');
    await Promise.resolve();
    expect(presented).toHaveLength(0);
  });

  it.each([undefined, null, 'video', {}])('P21 %s is refused at once', (source) => {
    expect(() => framesOf(source as unknown as FrameSource)).toThrow(RangeError);
  });
});
