import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { Player } from '../../../src/app/session/player';
import type { Source } from '../../../src/app/session/source';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/app/settings/settings';
import { SettingsStore } from '../../../src/app/settings/settings-store';
import { PlaybackControl } from '../../../src/capture/playback-control';
import type { TrackedFrame } from '../../../src/face/types';

function setUp(settings: Partial<Settings> = {}, unreadable = false) {
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, ...settings });
  const source$ = new BehaviorSubject<Source | undefined>(undefined);
  const tracked$ = new Subject<TrackedFrame>();
  const paused$ = new BehaviorSubject(false);
  let reads = 0;
  const readTimes = async () => {
    reads++;
    if (unreadable) throw new Error('the file was moved');
    return { times: [0, 0.04, 0.08, 0.12], end: 0.16 };
  };
  const player = new Player({ store, source$, tracked$, paused$, readTimes });
  let used = 0;
  player.used$.subscribe(() => used++);
  const open = (name: string) => {
    const control = new PlaybackControl();
    source$.next({ kind: 'video', name, control, media: async () => new Blob([]) } as unknown as Source);
    return control;
  };
  return { store, source$, tracked$, paused$, player, open, reads: () => reads, used: () => used };
}

describe('Player', () => {
  it('VP6 the address applies to the first video; another one starts at its beginning', () => {
    const { store, open } = setUp({ t: 12, in: 3, out: 20 });
    expect(open('a').position.time).toBe(12);
    expect(open('b').position.time).toBe(0);
    expect(store.now).toMatchObject({ t: 0, in: 0, out: 0 });
  });

  it('VP3 without a position, the first video starts at the in point', () => {
    expect(setUp({ in: 3 }).open('a').position.time).toBe(3);
  });

  it('VP2 steps pause, and read the times of the frames once', async () => {
    const { paused$, player, open, reads } = setUp();
    const control = open('a');
    await player.step(1);
    await player.step(1);
    expect([paused$.value, reads()]).toEqual([true, 1]);
    expect(control.position.time).toBeCloseTo(0.1);
  });

  it('VP2 a jump after a step is done after it, although the step waits for the times of the frames', async () => {
    const { player, open } = setUp();
    const control = open('a');
    const step = player.step(1);
    player.seek(0);
    await step;
    await Promise.resolve();
    expect(control.position.time).toBeLessThan(0.04);
  });

  it('VP2 steps and jumps work although the times of the frames cannot be read', async () => {
    const { player, open, used } = setUp({}, true);
    const control = open('a');
    await player.step(1);
    expect(control.position.time).toBeCloseTo(1 / 30);
    player.seek(2);
    expect([control.position.time, used()]).toEqual([2, 2]);
  });

  it('VP2 the frame of a paused video is tracked again if its tracking failed', () => {
    vi.useFakeTimers();
    const { tracked$, paused$, open } = setUp();
    const control = open('a');
    control.attach({ paused: true, seeking: false, addEventListener() {} } as unknown as HTMLVideoElement);
    let again = 0;
    control.unreported$.subscribe(() => again++);
    paused$.next(true);
    const frame = { time: control.clock.read(3) } as TrackedFrame['frame'];
    control.present(3);
    vi.advanceTimersByTime(6000);
    expect(again).toBe(1);
    control.present(3);
    tracked$.next({ frame, faces: [] } as unknown as TrackedFrame);
    vi.advanceTimersByTime(20_000);
    expect(again).toBe(1);
    vi.useRealTimers();
  });

  it('VP2 the first frame of a paused video is tracked again although the video before it was at the same time', () => {
    vi.useFakeTimers();
    const { tracked$, paused$, open } = setUp();
    const { clock } = open('a');
    tracked$.next({ frame: { time: clock.read(0) }, faces: [] } as unknown as TrackedFrame);
    const control = open('b');
    control.attach({ paused: true, seeking: false, addEventListener() {} } as unknown as HTMLVideoElement);
    let again = 0;
    control.unreported$.subscribe(() => again++);
    paused$.next(true);
    vi.advanceTimersByTime(6000);
    expect(again).toBe(1);
    vi.useRealTimers();
  });

  it('VP3 at the end without the loop, the page pauses', () => {
    const { paused$, open } = setUp({ loop: false });
    const control = open('a');
    control.setRange({ start: 0, end: 1, loop: false });
    control.attach({ paused: false, addEventListener() {} } as unknown as HTMLVideoElement);
    control.present(1);
    expect(paused$.value).toBe(true);
  });

  it('VP3 a point is set at the position and removed again; a point that leaves nothing removes the other one', () => {
    const { store, player, open } = setUp();
    const control = open('a');
    control.seek(5);
    player.togglePoint('in');
    control.seek(3);
    player.togglePoint('out');
    expect(store.now).toMatchObject({ in: 0, out: 3 });
    player.togglePoint('out');
    expect(store.now).toMatchObject({ in: 0, out: 0 });
  });

  it('speeds go up and down the list and end at its ends', () => {
    const { store, player, open } = setUp();
    open('a');
    const speeds = ([1, 1, 1, -1, -1, -1, -1, -1] as const).map((direction) => {
      player.changeSpeed(direction);
      return store.now.speed;
    });
    expect(speeds).toEqual([1.5, 2, 2, 1.5, 1, 0.5, 0.25, 0.25]);
  });

  it('does nothing without a video', async () => {
    const { store, source$, player, used } = setUp();
    source$.next({ kind: 'cam', name: 'Webcam' } as unknown as Source);
    player.seekBy(5);
    player.togglePoint('in');
    player.toggleLoop();
    player.setSpeed(2);
    await player.step(1);
    expect(store.now).toEqual(DEFAULT_SETTINGS);
    expect(used()).toBe(0);
  });
});
