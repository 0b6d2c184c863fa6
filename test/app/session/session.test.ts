import { BehaviorSubject, concatMap, merge, Observable, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { errorText } from '../../../src/app/session/error-texts';
import type { OpenSource } from '../../../src/app/session/file-source';
import { PageState } from '../../../src/app/session/page-state';
import { retry } from '../../../src/app/session/retry';
import { Session, type Sources } from '../../../src/app/session/session';
import type { CameraRequest, Source } from '../../../src/app/session/source';
import { TrackerKeeper } from '../../../src/app/session/tracker-keeper';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/app/settings/settings';
import { SettingsStore } from '../../../src/app/settings/settings-store';
import { CameraError } from '../../../src/capture/camera-error';
import { VideoFileError } from '../../../src/capture/video-file';
import type { Frame, TrackedFrame } from '../../../src/face/types';
import { type Tracker, TrackerError } from '../../../src/index';
import { fakeFrame } from '../../pipeline/doubles';
import { settle } from '../../pipeline/fake-worker';

/** Tracks each frame synchronously until `broken$` fails. */
function fakeTracker() {
  const broken$ = new Subject<never>();
  const tracked = (frame: Frame) => ({ frame, faces: [], provider: 'wasm' }) as unknown as TrackedFrame;
  const track = (frames$: Observable<Frame>) => merge(broken$, frames$.pipe(concatMap((frame) => of(tracked(frame)))));
  return { broken$, tracker: { track, close: async () => {} } as unknown as Tracker };
}

/** A session and a tracker keeper, connected as on the page, whose cameras and trackers the test controls. */
function setUp(settings: Partial<Settings> = {}) {
  const cameras: { readonly request: CameraRequest; readonly frames$: Subject<Frame> }[] = [];
  const trackers: ReturnType<typeof fakeTracker>[] = [];
  const shown: number[] = [];
  const started: string[] = [];
  const cleared: string[] = [];
  const paused$ = new BehaviorSubject(false);
  const data: Record<string, string | undefined> = {};
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, ...settings });
  const state = new PageState(data as DOMStringMap);
  const tracker = new TrackerKeeper(
    store.pick$('bundle', 'provider', 'detector', 'threads', 'smooth', 'faces'),
    { onProgress: () => {}, onError: () => {} },
    async () => {
      const fake = fakeTracker();
      trackers.push(fake);
      return fake.tracker;
    },
  );
  const cam = (request: CameraRequest): Source => {
    const frames$ = new Subject<Frame>();
    cameras.push({ request, frames$ });
    return { kind: 'cam', name: 'Webcam', frames$ };
  };
  const session = new Session({
    store,
    tracker$: tracker.tracker$,
    drawFrame: ({ frame }) => shown.push(frame.index),
    clearFrame: () => void cleared.push('picture'),
    readings: { showFrame: () => {}, startSource: () => {}, clear: () => void cleared.push('readings') },
    notices: { showHint: (text) => void (text === null && cleared.push('hint')), warn: () => () => {} },
    state,
    paused$,
    onStart: ({ kind }) => started.push(kind),
    onError: (error, goesOn) => {
      if (error instanceof TrackerError) tracker.giveUp();
      state.failed(errorText(error).code, goesOn);
    },
    sources: { cam } as unknown as Sources,
  });
  session.choose({ kind: 'cam' });
  return {
    session,
    store,
    cameras,
    trackers,
    shown,
    data,
    started,
    cleared,
    paused$,
    tryAgain: () => retry(data.error ?? '', { store, tracker, session }),
  };
}

describe('Session', () => {
  it('A5 A9 shows previews until a tracker is open, closes each frame once, and counts tracked frames', async () => {
    const { cameras, shown, data, ...page } = setUp();
    const frames = [fakeFrame(0), fakeFrame(1)];
    cameras[0]?.frames$.next(frames[0] as Frame);
    expect(data).toMatchObject({ state: 'loading', frames: '0' });
    await settle();
    expect(page.trackers).toHaveLength(1);
    cameras[0]?.frames$.next(frames[1] as Frame);
    expect(shown).toEqual([0, 1]);
    expect(frames.map(({ image }) => image.closed)).toEqual([1, 1]);
    expect(data).toMatchObject({ state: 'running', frames: '1', provider: 'wasm' });
  });
});

/** A file whose frames and pausing the test controls. */
function fakeFile() {
  const frames$ = new Subject<Frame>();
  const pausing: boolean[] = [];
  const open: OpenSource = (paused$) => {
    const watched$ = new Observable<Frame>((subscriber) => {
      subscriber.add(paused$.subscribe((paused) => pausing.push(paused)));
      return frames$.subscribe(subscriber);
    });
    return { kind: 'video', name: 'clip.mp4', frames$: watched$ };
  };
  return { frames$, pausing, choice: { kind: 'file', open } as const };
}

describe('Session with a file while a camera runs', () => {
  async function running() {
    const page = setUp();
    await settle();
    page.cameras[0]?.frames$.next(fakeFrame(0));
    return { ...page, file: fakeFile() };
  }

  it('A15 continues with the camera until the first frame of the file', async () => {
    const { session, cameras, shown, started, file } = await running();
    session.choose(file.choice);
    cameras[0]?.frames$.next(fakeFrame(1));
    file.frames$.next(fakeFrame(7));
    expect(cameras[0]?.frames$.observed).toBe(false);
    file.frames$.next(fakeFrame(8));
    expect(shown).toEqual([0, 1, 7, 8]);
    expect(started).toEqual(['cam', 'file']);
  });

  it('A15 continues with the camera if the file fails, and clears nothing', async () => {
    const { session, cameras, shown, data, started, cleared, file } = await running();
    cleared.length = 0;
    session.choose(file.choice);
    file.frames$.error(new VideoFileError('no video track'));
    cameras[0]?.frames$.next(fakeFrame(1));
    expect(shown).toEqual([0, 1]);
    expect([started, cleared]).toEqual([['cam'], ['hint']]);
    expect(data).toMatchObject({ state: 'running', error: 'VideoFileError', frames: '2' });
    expect([session.running?.kind, session.isTracking]).toEqual(['cam', true]);
  });

  it('A15 a file plays before it is shown, even if the page is paused', async () => {
    const { session, paused$, file } = await running();
    paused$.next(true);
    session.choose(file.choice);
    expect(file.pausing).toEqual([false]);
    file.frames$.next(fakeFrame(7));
    expect(file.pausing).toEqual([false, true]);
  });

  it('A15 a later choice replaces a file that is being opened', async () => {
    const { session, shown, file } = await running();
    const later = fakeFile();
    session.choose(file.choice);
    session.choose(later.choice);
    expect(file.frames$.observed).toBe(false);
    later.frames$.next(fakeFrame(9));
    expect(shown).toEqual([0, 9]);
  });

  it('A15 the camera is still opened again when its settings change', async () => {
    const { session, cameras, store, file } = await running();
    session.choose(file.choice);
    file.frames$.error(new VideoFileError('no video track'));
    store.set({ resolution: '720p' });
    expect(cameras.map(({ request, frames$ }) => [request.resolution, frames$.observed])).toEqual([
      ['480p', false],
      ['720p', true],
    ]);
  });
});

describe('Session after a failure', () => {
  it('A16 leaves neither picture nor readings, hint or faces of the source', async () => {
    const { session, cameras, data, cleared } = setUp();
    await settle();
    cameras[0]?.frames$.next(fakeFrame(0));
    cleared.length = 0;
    cameras[0]?.frames$.error(new CameraError('unplugged'));
    expect(cleared.toSorted()).toEqual(['hint', 'picture', 'readings']);
    expect(data).toMatchObject({ state: 'error', error: 'camera-unplugged', faces: '0' });
    expect(session.running).toBeUndefined();
  });

  it('A16 the camera that failed is not opened again after another choice', async () => {
    const { session, cameras, store } = setUp();
    cameras[0]?.frames$.error(new CameraError('in-use'));
    const file = fakeFile();
    session.choose(file.choice);
    store.set({ resolution: '1080p' });
    expect(cameras).toHaveLength(1);
    expect(file.frames$.observed).toBe(true);
  });
});

describe('retry', () => {
  it('A4 opens a new tracker after the old one has failed, and continues', async () => {
    const { cameras, trackers, shown, data, tryAgain } = setUp();
    await settle();
    trackers[0]?.broken$.error(new TrackerError({ name: 'WorkerError', message: 'stopped several times' }));
    expect(data).toMatchObject({ state: 'error', error: 'WorkerError' });
    tryAgain();
    await settle();
    expect(trackers).toHaveLength(2);
    cameras.at(-1)?.frames$.next(fakeFrame(5));
    expect(shown).toEqual([5]);
    expect(data).toMatchObject({ state: 'running', frames: '1' });
  });

  it('A4 opens any camera, once, where the stored one does not support the settings', () => {
    const { cameras, data, tryAgain } = setUp({ camera: 'gone', resolution: '1080p' });
    cameras[0]?.frames$.error(new CameraError('constraint'));
    expect(data.error).toBe('camera-constraint');
    tryAgain();
    expect(cameras.map(({ request }) => [request.deviceId, request.resolution])).toEqual([
      ['gone', '1080p'],
      ['', '480p'],
    ]);
    expect(data.state).toBe('loading');
  });

  it('A4 opens the same camera again after other errors, and where the settings are the defaults', () => {
    const stored = setUp({ camera: 'mine' });
    stored.cameras[0]?.frames$.error(new CameraError('in-use'));
    stored.tryAgain();
    expect(stored.cameras.map(({ request }) => request.deviceId)).toEqual(['mine', 'mine']);
    const any = setUp();
    any.cameras[0]?.frames$.error(new CameraError('constraint'));
    any.tryAgain();
    expect(any.cameras).toHaveLength(2);
  });
});
