import {
  AudioSampleSource,
  BufferTarget,
  MediaStreamAudioTrackSource,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import type { Seconds } from '../../face/types';
import type { Box, Size } from '../view/view';
import { TakeError, type TakeFormat } from './format';
import type { FileSound } from './sound';

/** Sound source of a take. */
export type TakeSound =
  | { readonly kind: 'file'; readonly sound: FileSound }
  | { readonly kind: 'live'; readonly track: MediaStreamTrack };

/** A finished take. */
export interface Take {
  readonly file: Blob;
  readonly extension: 'mp4' | 'webm';
  readonly frames: number;
  /** Frames that were dropped because encoding was too slow. */
  readonly dropped: number;
}

/** Size limit of a take: it is kept in memory until it is saved. */
export const MOST_TAKE_BYTES = 500 * 2 ** 20;
/** Maximum number of frames in the encoder's queue; further ones are dropped. */
const MOST_WAITING = 8;
const FRAME = 1 / 30;

/** Records a canvas to a video file. */
export class TakeRecorder {
  readonly #output: Output<Mp4OutputFormat | WebMOutputFormat, BufferTarget>;
  readonly #video: VideoSampleSource;
  readonly #sound: AudioSampleSource | undefined;
  readonly #size: Size;
  #started: Promise<void> | undefined;
  readonly #writes = new Set<Promise<void>>();
  #frames = 0;
  #dropped = 0;
  #bytes = 0;
  #last: Seconds = -1;
  #first: Seconds | undefined;
  #failure: unknown;

  /** `size` in canvas pixels; an odd size loses its last row or column, because codecs need even sizes. */
  constructor(
    readonly format: TakeFormat,
    size: Size,
    private readonly from: TakeSound | null,
  ) {
    this.#size = { width: size.width - (size.width % 2), height: size.height - (size.height % 2) };
    this.#output = new Output({
      format: format.container === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat(),
      target: new BufferTarget(),
    });
    this.#video = new VideoSampleSource({
      codec: format.video,
      quality: QUALITY_HIGH,
      alpha: format.alpha ? 'keep' : 'discard',
      sizeChangeBehavior: 'contain',
      onEncodedPacket: ({ byteLength, sideData }) => {
        this.#bytes += byteLength + (sideData.alphaByteLength ?? 0);
      },
    });
    this.#output.addVideoTrack(this.#video, { canBeTransparent: format.alpha });
    if (from && format.sound) this.#sound = this.#addSound(from, format.sound);
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames in the encoder's queue. */
  get waiting(): number {
    return this.#writes.size;
  }

  /** Time of the last frame. */
  get seconds(): Seconds {
    return Math.max(0, this.#last);
  }

  get full(): boolean {
    return this.#bytes >= MOST_TAKE_BYTES;
  }

  /** Must be resolved before the first `add`. */
  start(): Promise<void> {
    this.#started ??= this.#output.start();
    return this.#started;
  }

  /**
   * Adds the canvas as it is now, at `time` on any increasing clock; the first frame has time 0 in the file. `box`: the
   * recorded rectangle. False when the frame was dropped.
   */
  add(canvas: HTMLCanvasElement, box: Box, time: Seconds): boolean {
    this.#first ??= time;
    const timestamp = time - this.#first;
    if (timestamp <= this.#last || this.#failure) return false;
    if (this.waiting >= MOST_WAITING) {
      this.#dropped++;
      return false;
    }
    this.#last = timestamp;
    this.#frames++;
    const write = this.#write(picture(canvas, box, this.#size, timestamp, this.format.alpha), time);
    this.#writes.add(write);
    void write.then(() => this.#writes.delete(write));
    return true;
  }

  /** The source continues at another place of its file: at `time` on the clock of `add`, the file's time is `media`. */
  jump(time: Seconds, media: Seconds): void {
    if (this.from?.kind === 'file' && this.#first !== undefined) this.from.sound.jump(time, media);
  }

  /** Finishes the file. Rejects with TakeError if writing failed or there was no frame. */
  async stop(): Promise<Take> {
    if (this.#frames === 0) {
      await this.cancel();
      throw new TakeError('Nothing was recorded: the source gave no frame. Start the source, then record again.');
    }
    await Promise.all(this.#writes);
    try {
      if (this.from?.kind === 'file' && this.#sound && this.#first !== undefined) {
        await this.from.sound.feed(this.#sound, this.#first, this.#first + this.#last + FRAME);
      }
      await this.#output.finalize();
    } catch (error) {
      this.#failure ??= error;
    }
    await this.#closeSound();
    const { buffer } = this.#output.target;
    if (this.#failure || !buffer) throw new TakeError(`The recording failed: ${words(this.#failure)}. Record again.`);
    const { container } = this.format;
    const file = new Blob([buffer], { type: `video/${container}` });
    return { file, extension: container, frames: this.#frames, dropped: this.#dropped };
  }

  /** Discards the take. */
  async cancel(): Promise<void> {
    await this.#output.cancel().catch(() => undefined);
    await this.#closeSound();
  }

  /** Never rejects; `stop` reports a failure. */
  async #write(frame: VideoFrame, time: Seconds): Promise<void> {
    const sample = new VideoSample(frame);
    try {
      await this.#video.add(sample);
      if (this.from?.kind === 'file' && this.#sound && this.#first !== undefined) {
        await this.from.sound.feed(this.#sound, this.#first, time);
      }
    } catch (error) {
      this.#failure ??= error;
    } finally {
      sample.close();
    }
  }

  #addSound(from: TakeSound, codec: NonNullable<TakeFormat['sound']>): AudioSampleSource | undefined {
    const config = { codec, quality: QUALITY_HIGH };
    if (from.kind === 'live') {
      this.#output.addAudioTrack(new MediaStreamAudioTrackSource(from.track as MediaStreamAudioTrack, config));
      return undefined;
    }
    const source = new AudioSampleSource(config);
    this.#output.addAudioTrack(source);
    return source;
  }

  async #closeSound(): Promise<void> {
    if (this.from?.kind === 'file') await this.from.sound.close();
    else this.from?.track.stop();
  }
}

function picture(canvas: HTMLCanvasElement, box: Box, size: Size, time: Seconds, alpha: boolean): VideoFrame {
  const visibleRect = {
    x: box.x,
    y: box.y,
    width: Math.min(box.width - (box.width % 2), size.width),
    height: Math.min(box.height - (box.height % 2), size.height),
  };
  return new VideoFrame(canvas, {
    timestamp: Math.round(time * 1e6),
    duration: Math.round(FRAME * 1e6),
    alpha: alpha ? 'keep' : 'discard',
    visibleRect,
  });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error ?? 'nothing was written');
}
