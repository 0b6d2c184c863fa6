import { describe, expect, it, vi } from 'vitest';
import { PlaybackControl } from '../../src/capture/playback-control';

/** A video element that takes part in seeks only when the test says so. */
class SlowVideo {
  duration = Number.NaN;
  seeking = false;
  paused = false;
  playbackRate = 1;
  loop = false;
  readonly sought: number[] = [];
  readonly #listeners = new Map<string, () => void>();

  set currentTime(time: number) {
    this.sought.push(time);
    this.seeking = true;
  }

  get currentTime(): number {
    return this.sought.at(-1) ?? 0;
  }

  async play(): Promise<void> {
    this.paused = false;
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, listener);
  }

  tell(type: string): void {
    if (type === 'seeked') this.seeking = false;
    this.#listeners.get(type)?.();
  }
}

function setUp({ duration = 10, fps = 0 } = {}) {
  const control = new PlaybackControl();
  const video = new SlowVideo();
  control.attach(video as unknown as HTMLVideoElement);
  video.duration = duration;
  video.tell('loadedmetadata');
  if (fps > 0) {
    const times = Array.from({ length: fps * duration }, (_, i) => i / fps);
    control.setFrames(times, duration);
  }
  return { control, video };
}

describe('PlaybackControl', () => {
  it('VP1 one seek runs at a time; of those that are requested meanwhile, the last one follows', () => {
    const { control, video } = setUp();
    for (const time of [1, 2, 3, 4]) control.seek(time);
    expect(video.sought).toEqual([1]);
    video.tell('seeked');
    expect(video.sought).toEqual([1, 4]);
  });

  it('VP1 the position is that of the last request; frames from before it do not change it', () => {
    const { control, video } = setUp();
    control.seek(4);
    control.present(1.2);
    expect(control.position).toEqual({ time: 4, duration: 10 });
    video.tell('seeked');
    control.present(4.02);
    expect(control.position.time).toBe(4.02);
  });

  it('VP1 a position that is requested before the video is loaded is limited to the video', () => {
    const control = new PlaybackControl();
    const video = new SlowVideo();
    control.seek(500);
    control.attach(video as unknown as HTMLVideoElement);
    video.duration = 10;
    video.tell('loadedmetadata');
    expect(video.sought.at(-1)).toBeLessThan(10);
    expect(video.sought.at(-1)).toBeGreaterThan(9.9);
  });

  it.each([
    [0, 1, 0.04],
    [0.04, 1, 0.08],
    [0.08, -1, 0.04],
    [0, -1, 0],
    [9.96, 1, 9.96],
  ])('VP2 from the frame at %f, a step of %i shows the frame at %f', (from, step, expected) => {
    const { control, video } = setUp({ fps: 25 });
    control.present(from);
    control.step(step);
    const sought = video.sought.at(-1) ?? Number.NaN;
    expect(sought).toBeGreaterThanOrEqual(expected);
    expect(sought).toBeLessThan(expected + 0.04);
  });

  it('VP1 a seek to the boundary of a frame shows that frame, although browsers round', () => {
    const { control, video } = setUp({ fps: 25 });
    control.seek(2.0399999);
    expect(video.sought.at(-1)).toBeCloseTo(2.06);
  });

  it('VP1 where the browser does not report the frame that a seek shows, it is taken without a report', () => {
    vi.useFakeTimers();
    const { control, video } = setUp({ fps: 25 });
    const taken: number[] = [];
    control.unreported$.subscribe((time) => taken.push(time));
    control.seek(2.05);
    video.tell('seeked');
    control.present(2.04);
    vi.runAllTimers();
    expect(taken).toEqual([]);
    control.seek(4.05);
    video.tell('seeked');
    vi.runAllTimers();
    expect(taken).toEqual([4.04]);
    vi.useRealTimers();
  });

  it('VP2 steps that are requested quickly add up', () => {
    const { control, video } = setUp({ fps: 25 });
    control.present(1);
    for (let i = 0; i < 3; i++) control.step(1);
    video.tell('seeked');
    expect(video.sought.at(-1)).toBeCloseTo(1.14);
  });

  it('VP3 playing continues at the in point after the out point, or stops there without the loop', () => {
    const { control, video } = setUp();
    let ended = 0;
    control.ended$.subscribe(() => ended++);
    control.setRange({ start: 2, end: 4, loop: true });
    control.present(3.98);
    expect(video.sought).toEqual([]);
    control.present(4);
    expect(video.sought).toEqual([2]);
    video.tell('seeked');
    control.setRange({ start: 2, end: 4, loop: false });
    control.present(4);
    expect([ended, video.sought]).toEqual([1, [2]]);
    control.rewindAtEnd();
    expect(video.sought).toEqual([2, 2]);
  });

  it('VP3 after the end, playing starts at the in point although the last frames were not presented', () => {
    const { control, video } = setUp();
    control.setRange({ start: 2, loop: false });
    control.present(8);
    video.paused = true;
    video.tell('ended');
    control.rewindAtEnd();
    expect(video.sought).toEqual([2]);
  });

  it('VP3 a video that has already played beyond the out point returns to the frame there', () => {
    const { control, video } = setUp();
    control.setRange({ start: 0, end: 4, loop: false });
    video.currentTime = 4.7;
    video.seeking = false;
    video.tell('timeupdate');
    expect(video.sought.at(-1)).toBe(4);
  });

  it('VP3 a paused video is not moved out of the range', () => {
    const { control, video } = setUp();
    control.setRange({ start: 2, end: 4, loop: true });
    video.paused = true;
    control.present(7);
    expect(video.sought).toEqual([]);
  });

  it('VP3 the whole video is looped by the element; a range from an in point is played again from the end', () => {
    const { control, video } = setUp();
    control.setRange({ start: 0, loop: true });
    expect(video.loop).toBe(true);
    control.setRange({ start: 2, loop: true });
    expect(video.loop).toBe(false);
    video.paused = true;
    video.tell('ended');
    expect([video.sought, video.paused]).toEqual([[2], false]);
  });

  it('VP4 a recording without a duration gets it from its frames', () => {
    const { control } = setUp({ duration: Number.POSITIVE_INFINITY });
    expect(control.position.duration).toBeUndefined();
    control.setFrames([0, 0.5, 1], 1.5);
    expect(control.position.duration).toBe(1.5);
    control.seek(9);
    expect(control.position.time).toBe(1);
  });
});
