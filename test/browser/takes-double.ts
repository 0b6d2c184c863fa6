/** Runs in the page of take-recorder.test.ts: takes of a canvas drawn here, picture by picture. */
import { AudioBufferSource, BufferTarget, Output, QUALITY_MEDIUM, WebMOutputFormat } from 'mediabunny';
import { chooseFormat, type TakeWish } from '../../src/render/take/format';
import { TakeRecorder, type TakeSound } from '../../src/render/take/recorder';
import { FileSound } from '../../src/render/take/sound';

export interface DoubleTake extends TakeWish {
  readonly width: number;
  readonly height: number;
  /** Seconds on the file's clock of each picture. */
  readonly times: readonly number[];
  /** Length in seconds of a file whose sound goes along. */
  readonly file?: number;
}

export interface Recorded {
  readonly base64: string;
  readonly container: string;
  readonly alpha: boolean;
  readonly frames: number;
  readonly dropped: number;
}

const door = {
  async record({ width, height, times, file, ...wish }: DoubleTake): Promise<Recorded> {
    const canvas = document.createElement('canvas');
    canvas.width = width + 20;
    canvas.height = height + 20;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2d context');
    const box = { x: 10, y: 10, width, height };
    const sound = file ? await openSound(file) : null;
    const format = await chooseFormat(box, { ...wish, sound: wish.sound && sound !== null });
    const recorder = new TakeRecorder(format, box, sound);
    await recorder.start();
    for (const [i, time] of times.entries()) {
      draw(context, i / times.length);
      recorder.add(canvas, box, time);
      // So slowly that no picture has to be left out.
      await new Promise((done) => setTimeout(done, 20));
      while (recorder.waiting > 4) await new Promise((done) => setTimeout(done, 20));
    }
    const { file: blob, extension, frames, dropped } = await recorder.stop();
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { base64, container: extension, alpha: format.alpha, frames, dropped };
  },

  /** As the browser plays it: red, green, blue and alpha at places of the picture, from 0 to 1. */
  async pixels(base64: string, places: readonly (readonly [number, number])[]): Promise<number[][]> {
    const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    const loaded = new Promise((done) => video.addEventListener('loadeddata', done, { once: true }));
    video.src = URL.createObjectURL(new Blob([data]));
    await loaded;
    const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
    video.currentTime = 0.1;
    await sought;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext('2d');
    context?.drawImage(video, 0, 0);
    return places.map(([x, y]) => [
      ...(context?.getImageData(Math.round(x * canvas.width), Math.round(y * canvas.height), 1, 1).data ?? []),
    ]);
  },
};

export type Door = typeof door;
declare global {
  interface Window {
    takesDouble?: Door;
  }
}
window.takesDouble = door;

async function openSound(seconds: number): Promise<TakeSound | null> {
  const sound = await FileSound.open(await soundFile(seconds));
  return sound && { kind: 'file', sound };
}

/** A file of a tone. */
async function soundFile(seconds: number): Promise<Blob> {
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new AudioBufferSource({ codec: 'opus', quality: QUALITY_MEDIUM });
  output.addAudioTrack(source);
  await output.start();
  const buffer = new AudioBuffer({ length: 48_000 * seconds, numberOfChannels: 1, sampleRate: 48_000 });
  buffer.getChannelData(0).forEach((_, i, samples) => {
    samples[i] = 0.3 * Math.sin(i / 20);
  });
  await source.add(buffer);
  await output.finalize();
  return new Blob([output.target.buffer ?? new ArrayBuffer(0)]);
}

/** A green disc on nothing, with red bars around the box that a take leaves out. */
function draw(context: CanvasRenderingContext2D, share: number): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  context.fillStyle = '#f00';
  context.fillRect(0, 0, 10, height);
  context.fillRect(0, 0, width, 10);
  context.fillStyle = '#0a0';
  context.beginPath();
  context.arc(width / 2, height / 2, height * (0.25 + 0.1 * share), 0, 2 * Math.PI);
  context.fill();
}
