import type { Observable } from 'rxjs';
import { elementFrames, type PlayingVideo } from '../../src/capture/element-frames';
import type { Frame } from '../../src/face/types';

/** Records how often each image was closed: an image has one owner at a time, who closes it once. */
export class Ledger {
  /** Calls of `close` for each image, in the order in which the images were made. */
  readonly #closes: number[] = [];

  /** Number of images made. */
  get made(): number {
    return this.#closes.length;
  }

  image(): VideoFrame {
    const id = this.#closes.push(0) - 1;
    const close = () => {
      this.#closes[id] = (this.#closes[id] ?? 0) + 1;
    };
    return { displayWidth: 4, displayHeight: 2, width: 4, height: 2, close } as unknown as VideoFrame;
  }

  /** The images that are still open or were closed more than once. */
  faults(): string[] {
    return this.#closes.flatMap((closes, id) => (closes === 1 ? [] : [`image ${id} was closed ${closes} times`]));
  }

  frame(index: number): Frame {
    return { image: this.image(), time: index / 25, index, width: 4, height: 2, source: 'double' };
  }
}

/** A video element held by hand: the test presents its frames. */
export class FakeVideo {
  src = '';
  loop = false;
  muted = false;
  error: MediaError | null = null;
  videoWidth = 4;
  videoHeight = 2;
  currentTime = 0;
  playing = false;
  playError: Error | undefined;
  readonly log: string[] = [];
  readonly #listeners = new Map<string, (() => void)[]>();
  readonly #requests = new Map<number, VideoFrameRequestCallback>();
  #handle = 0;

  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.#handle += 1;
    this.#requests.set(this.#handle, callback);
    return this.#handle;
  }

  cancelVideoFrameCallback(handle: number): void {
    this.#requests.delete(handle);
  }

  async play(): Promise<void> {
    this.log.push('play');
    if (this.playError) throw this.playError;
    this.playing = true;
  }

  pause(): void {
    this.log.push('pause');
    this.playing = false;
  }

  load(): void {
    this.log.push('load');
  }

  removeAttribute(name: string): void {
    this.log.push(`remove ${name}`);
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  tell(type: string): void {
    for (const listener of this.#listeners.get(type) ?? []) listener();
  }

  /** Presents a frame at a time of the media's clock. */
  present(mediaTime: number): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const callback of requests) callback(0, { mediaTime } as VideoFrameCallbackMetadata);
  }

  get watched(): boolean {
    return this.#requests.size > 0;
  }
}

/** Checks of video files that find nothing. */
export const NO_FAULTS = {
  load: async (): Promise<Blob | undefined> => undefined,
  findFault: async (): Promise<string | undefined> => undefined,
  explain: async (_blob: Blob, name: string) => `${name}: it cannot be decoded. Convert it.`,
  findDamage: async (): Promise<number | undefined> => undefined,
};

/** `elementFrames` whose pictures come from a ledger. */
export function ledgerFrames(ledger: Ledger): typeof elementFrames {
  return (video: PlayingVideo, source: string): Observable<Frame> => elementFrames(video, source, () => ledger.image());
}

/** A camera's stream of one track that can be unplugged. */
export class FakeStream {
  readonly track = new FakeTrack();

  getTracks() {
    return [this.track];
  }

  getVideoTracks() {
    return [this.track];
  }
}

export class FakeTrack extends EventTarget {
  stopped = 0;
  label = 'Front camera';

  stop(): void {
    this.stopped += 1;
  }

  getSettings() {
    return { deviceId: 'a' };
  }
}

/** A browser's cameras. */
export class FakeDevices extends EventTarget {
  devices = [
    { kind: 'videoinput', deviceId: 'a', label: 'Front camera' },
    { kind: 'audioinput', deviceId: 'm', label: 'Microphone' },
  ];
  readonly asked: MediaStreamConstraints[] = [];
  /** What `getUserMedia` resolves with, or throws. */
  answer: () => Promise<FakeStream> = async () => new FakeStream();

  async enumerateDevices() {
    return this.devices;
  }

  getUserMedia(constraints: MediaStreamConstraints) {
    this.asked.push(constraints);
    return this.answer();
  }
}

/** Lets promises settle. */
export const settle = () => new Promise((resolve) => setTimeout(resolve));
