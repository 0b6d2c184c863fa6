import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type CameraBrowser, CameraError, type CameraOptions, camera, listCameras } from '../../src/capture/camera';
import type { Frame } from '../../src/face/types';
import { FakeDevices, FakeStream, FakeVideo, Ledger, ledgerFrames, settle } from './doubles';

function setUp() {
  const devices = new FakeDevices();
  const video = new FakeVideo();
  const ledger = new Ledger();
  const parts = {
    devices,
    play: async () => video,
    elementFrames: ledgerFrames(ledger),
    trackFrames: () => NEVER,
  } as unknown as CameraBrowser;
  const frames: Frame[] = [];
  const errors: CameraError[] = [];
  const start = (options?: CameraOptions) =>
    camera(options, parts).subscribe({ next: (frame) => frames.push(frame), error: (reason) => errors.push(reason) });
  return { devices, video, ledger, parts, frames, errors, start };
}

describe('camera', () => {
  it('F3: gives frames with the camera’s name, time and index', async () => {
    const { video, frames, start } = setUp();
    start();
    await settle();
    video.present(1.5);
    video.present(1.54);
    expect(frames).toMatchObject([
      { index: 0, time: 1.5, source: 'Front camera', width: 4, height: 2 },
      { index: 1, time: 1.54 },
    ]);
  });

  it('requests the chosen camera and size', async () => {
    const { devices, start } = setUp();
    start({ deviceId: 'a', width: 1280, height: 720 });
    start({ facing: 'environment' });
    expect(devices.asked[0]?.video).toMatchObject({ deviceId: { exact: 'a' }, width: { ideal: 1280 } });
    expect(devices.asked[1]?.video).toMatchObject({ facingMode: 'environment' });
  });

  it('is cold: nothing is requested before the subscription', () => {
    const { devices, parts } = setUp();
    camera({}, parts);
    expect(devices.asked).toEqual([]);
  });

  it('F2: switches the camera off on unsubscription', async () => {
    const { devices, video, start } = setUp();
    const stream = new FakeStream();
    devices.answer = async () => stream;
    const subscription = start();
    await settle();
    subscription.unsubscribe();
    expect(stream.track.stopped).toBe(1);
    expect(video.watched).toBe(false);
  });

  it('F2: switches off a camera that opens after unsubscription', async () => {
    const { devices, frames, start } = setUp();
    const stream = new FakeStream();
    devices.answer = async () => stream;
    start().unsubscribe();
    await settle();
    expect(stream.track.stopped).toBe(1);
    expect(frames).toEqual([]);
  });

  it('F9: a camera whose track ends is unplugged', async () => {
    const { devices, errors, start } = setUp();
    const stream = new FakeStream();
    devices.answer = async () => stream;
    start();
    await settle();
    stream.track.dispatchEvent(new Event('ended'));
    expect(errors).toMatchObject([{ reason: 'unplugged' }]);
    expect(stream.track.stopped).toBe(1);
  });

  it('F9: a camera that is no longer listed is unplugged; another one’s arrival has no effect', async () => {
    const { devices, errors, start } = setUp();
    start();
    await settle();
    devices.devices.push({ kind: 'videoinput', deviceId: 'b', label: 'Second' });
    devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(errors).toEqual([]);
    devices.devices.shift();
    devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(errors).toMatchObject([{ reason: 'unplugged' }]);
  });

  const thrown: Record<string, CameraError['reason']> = {
    NotAllowedError: 'denied',
    NotFoundError: 'none',
    NotReadableError: 'in-use',
    SecurityError: 'insecure',
    OverconstrainedError: 'constraint',
    StrangeError: 'other',
  };
  for (const [name, reason] of Object.entries(thrown)) {
    it(`F9: ${name} is reported as "${reason}", with advice`, async () => {
      const { devices, errors, start } = setUp();
      devices.answer = async () => {
        throw Object.assign(new Error('said'), { name });
      };
      start();
      await settle();
      expect(errors[0]).toBeInstanceOf(CameraError);
      expect(errors[0]?.reason).toBe(reason);
      expect(errors[0]?.message).toMatch(/\. .*[.)]$/);
    });
  }

  it('F9: a page that may not use cameras is insecure', async () => {
    const { parts } = setUp();
    const insecure = { ...parts, devices: undefined };
    const errors: CameraError[] = [];
    camera({}, insecure).subscribe({ error: (reason) => errors.push(reason) });
    await settle();
    expect(errors).toMatchObject([{ reason: 'insecure' }]);
    await expect(listCameras(insecure)).rejects.toMatchObject({ reason: 'insecure' });
  });
});

describe('listCameras', () => {
  it('names cameras only', async () => {
    expect(await listCameras(setUp().parts)).toEqual([{ deviceId: 'a', label: 'Front camera' }]);
  });
});
