import { Observable } from 'rxjs';
import { ANY_TEXT, checkOptions, numberFrom, type OptionCheck, oneOf, TRUE_OR_FALSE } from '../face/check-options';
import type { Frame } from '../face/types';
import { CameraError } from './camera-error';
import { elementFrames, type PlayingVideo } from './element-frames';
import { trackFrames } from './media-track-frames';

export { CameraError, type CameraReason } from './camera-error';

export interface CameraOptions {
  /** One of `listCameras()`; any camera if undefined. */
  readonly deviceId?: string;
  /** Preferred size in pixels; the camera uses its nearest. Default 640 × 480. */
  readonly width?: number;
  readonly height?: number;
  /** Preferred frames per second. Default 30. */
  readonly frameRate?: number;
  /** Side of a phone, where no deviceId is given. Default 'user'. */
  readonly facing?: 'user' | 'environment';
  /** Continue while the tab is hidden. Default false. */
  readonly background?: boolean;
}

const OPTION_CHECKS: Readonly<Record<keyof CameraOptions, OptionCheck>> = {
  deviceId: ANY_TEXT,
  width: numberFrom(1, Number.MAX_VALUE),
  height: numberFrom(1, Number.MAX_VALUE),
  frameRate: numberFrom(1, Number.MAX_VALUE),
  facing: oneOf(['user', 'environment']),
  background: TRUE_OR_FALSE,
};

export interface CameraInfo {
  readonly deviceId: string;
  /** Empty until the camera has been allowed once. */
  readonly label: string;
}

/** A camera stream with the element that plays it. */
export interface OpenCamera {
  readonly stream: MediaStream;
  readonly video: PlayingVideo;
}

/** The browser's functions for cameras; doubles in tests. */
export interface CameraBrowser {
  /** Undefined where the page may not use cameras. */
  readonly devices:
    | Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>
    | undefined;
  /** Plays a stream in an element; resolves once it plays. */
  readonly play: (stream: MediaStream) => Promise<PlayingVideo>;
  readonly elementFrames: typeof elementFrames;
  readonly trackFrames: typeof trackFrames;
}

/** The available cameras. Throws CameraError 'insecure' where the page may not use cameras. */
export async function listCameras(
  browser: Pick<CameraBrowser, 'devices'> = thisBrowser(),
): Promise<readonly CameraInfo[]> {
  if (!browser.devices) throw new CameraError('insecure');
  const devices = await browser.devices.enumerateDevices();
  return devices.filter((device) => device.kind === 'videoinput').map(({ deviceId, label }) => ({ deviceId, label }));
}

/**
 * The camera's frames while subscribed; the camera is switched off on unsubscription. Never completes; errors with a
 * CameraError, also when the camera is unplugged. Throws RangeError for an option that is unknown or not accepted.
 */
export function camera(options: CameraOptions = {}, browser: CameraBrowser = thisBrowser()): Observable<Frame> {
  checkOptions('options', options, OPTION_CHECKS);
  return new Observable((subscriber) => {
    const start = async () => {
      const stream = await openStream(options, browser);
      subscriber.add(() => {
        for (const track of stream.getTracks()) track.stop();
      });
      if (subscriber.closed) return;
      subscriber.add(watchUnplugged(stream, browser, () => subscriber.error(new CameraError('unplugged'))));
      const frames$ = await openFrames(stream, options, browser);
      if (subscriber.closed) return;
      subscriber.add(
        frames$.subscribe({
          next: (frame) => subscriber.next(frame),
          error: (reason) => subscriber.error(CameraError.from(reason)),
          complete: () => subscriber.error(new CameraError('unplugged')),
        }),
      );
    };
    start().catch((reason) => subscriber.error(CameraError.from(reason)));
  });
}

async function openStream(options: CameraOptions, { devices }: CameraBrowser): Promise<MediaStream> {
  if (!devices) throw new CameraError('insecure');
  return devices.getUserMedia({ audio: false, video: constraints(options) });
}

function constraints(options: CameraOptions): MediaTrackConstraints {
  return {
    width: { ideal: options.width ?? 640 },
    height: { ideal: options.height ?? 480 },
    frameRate: { ideal: options.frameRate ?? 30 },
    ...(options.deviceId ? { deviceId: { exact: options.deviceId } } : { facingMode: options.facing ?? 'user' }),
  };
}

async function openFrames(
  stream: MediaStream,
  options: CameraOptions,
  browser: CameraBrowser,
): Promise<Observable<Frame>> {
  const [track] = stream.getVideoTracks();
  if (!track) throw new CameraError('none');
  const label = track.label || 'camera';
  if (options.background && 'MediaStreamTrackProcessor' in globalThis) return browser.trackFrames(track, label);
  return browser.elementFrames(await browser.play(stream), label);
}

/** Calls back when the stream's track ends or its device is no longer listed. Returns a function that stops watching. */
function watchUnplugged(stream: MediaStream, { devices }: CameraBrowser, unplugged: () => void): () => void {
  const [track] = stream.getVideoTracks();
  const deviceId = track?.getSettings().deviceId;
  const look = async () => {
    const listed = await devices?.enumerateDevices();
    if (deviceId && listed && !listed.some((device) => device.deviceId === deviceId)) unplugged();
  };
  // A list that cannot be read is no evidence; the end of the track still is.
  const changed = () => void look().catch(() => undefined);
  track?.addEventListener('ended', unplugged);
  devices?.addEventListener('devicechange', changed);
  return () => {
    track?.removeEventListener('ended', unplugged);
    devices?.removeEventListener('devicechange', changed);
  };
}

function thisBrowser(): CameraBrowser {
  return { devices: navigator.mediaDevices, play: playStream, elementFrames, trackFrames };
}

async function playStream(stream: MediaStream): Promise<PlayingVideo> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  return video;
}
