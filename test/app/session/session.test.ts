import { BehaviorSubject, concatMap, merge, type Observable, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { errorText } from '../../../src/app/session/error-texts';
import { PageState } from '../../../src/app/session/page-state';
import { retry } from '../../../src/app/session/retry';
import { Session, type Sources } from '../../../src/app/session/session';
import type { CameraRequest, Source } from '../../../src/app/session/source';
import { TrackerKeeper } from '../../../src/app/session/tracker-keeper';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/app/settings/settings';
import { SettingsStore } from '../../../src/app/settings/settings-store';
import { CameraError } from '../../../src/capture/camera-error';
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
  const data: Record<string, string | undefined> = {};
  const store = new SettingsStore({ ...DEFAULT_SETTINGS, ...settings });
  const state = new PageState(data as DOMStringMap);
  const tracker = new TrackerKeeper(
    store.pick$('bundle', 'provider', 'threads', 'smooth', 'faces'),
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
    readings: { showFrame: () => {}, startSource: () => {} },
    notices: { showHint: () => {} },
    state,
    paused$: new BehaviorSubject(false),
    onError: (error) => {
      if (error instanceof TrackerError) tracker.giveUp();
      state.failed(errorText(error).code);
    },
    sources: { cam } as unknown as Sources,
  });
  session.choose({ kind: 'cam' });
  return { cameras, trackers, shown, data, tryAgain: () => retry(data.error ?? '', { store, tracker, session }) };
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
