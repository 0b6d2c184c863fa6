import { BehaviorSubject, NEVER, Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cameraSource } from '../../../src/app/session/source';
import type { CameraOptions } from '../../../src/capture/camera';
import type { Frame } from '../../../src/face/types';

/** A document that the test hides and shows. */
class FakeDocument extends EventTarget {
  hidden = false;
  hide(hidden: boolean) {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

let tab: FakeDocument;
beforeEach(() => {
  tab = new FakeDocument();
  vi.stubGlobal('document', tab);
});
afterEach(() => vi.unstubAllGlobals());

/** Subscribes to a camera source and counts how often its camera starts, and whether it is on. */
function watched(cameraInBackground: boolean) {
  const camera = { on: 0, times: 0, options: {} as CameraOptions };
  const open = (options: CameraOptions = {}) =>
    new Observable<Frame>((subscriber) => {
      camera.on += 1;
      camera.times += 1;
      camera.options = options;
      subscriber.add(() => {
        camera.on -= 1;
      });
      return NEVER.subscribe(subscriber);
    });
  const paused$ = new BehaviorSubject(false);
  const { frames$ } = cameraSource({ deviceId: 'mine', resolution: '720p', cameraInBackground }, paused$, open);
  return { camera, paused$, subscription: frames$.subscribe() };
}

describe('cameraSource', () => {
  it('A7 switches the camera off while the tab is hidden, and on again', () => {
    const { camera, subscription } = watched(false);
    expect(camera.options).toEqual({ deviceId: 'mine', width: 1280, height: 720, background: false });
    tab.hide(true);
    expect(camera.on).toBe(0);
    tab.hide(false);
    expect([camera.on, camera.times]).toEqual([1, 2]);
    subscription.unsubscribe();
    expect(camera.on).toBe(0);
    tab.hide(true);
    tab.hide(false);
    expect(camera.times).toBe(2);
  });

  it('A7 does not switch it on in a tab that starts hidden', () => {
    tab.hidden = true;
    const { camera } = watched(false);
    expect(camera.times).toBe(0);
  });

  it('A7 leaves it on with cameraInBackground, without starting it anew', () => {
    const { camera } = watched(true);
    tab.hide(true);
    tab.hide(false);
    expect([camera.on, camera.times, camera.options.background]).toEqual([1, 1, true]);
  });

  it.each([false, true])('A7 switches a paused camera off (cameraInBackground: %s)', (cameraInBackground) => {
    const { camera, paused$ } = watched(cameraInBackground);
    paused$.next(true);
    expect(camera.on).toBe(0);
    paused$.next(false);
    expect(camera.on).toBe(1);
  });

  it('A7 stays off if it is paused while the tab is hidden', () => {
    const { camera, paused$ } = watched(false);
    tab.hide(true);
    paused$.next(true);
    tab.hide(false);
    expect([camera.on, camera.times]).toEqual([0, 1]);
  });
});
