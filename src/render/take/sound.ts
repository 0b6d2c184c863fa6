import { ALL_FORMATS, type AudioSample, AudioSampleSink, type AudioSampleSource, Input } from 'mediabunny';
import { blobSource } from '../../capture/blob-source';
import type { Seconds } from '../../face/types';

/** The sound of a video file for its take, added in step with the frames. */
export class FileSound {
  #samples: AsyncGenerator<AudioSample, void, unknown> | undefined;
  #next: AudioSample | undefined;
  /** Start of the current pass through the file, seconds on the video's clock. */
  #run = 0;
  /** Sound before this time on the video's clock is left out. */
  #from = Number.NEGATIVE_INFINITY;
  #busy: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(
    private readonly input: Input,
    private readonly sink: AudioSampleSink,
    private readonly length: Seconds,
  ) {}

  /** Null where the file has no readable sound. */
  static async open(file: Blob): Promise<FileSound | null> {
    const input = new Input({ source: blobSource(file), formats: ALL_FORMATS });
    try {
      const track = await input.getPrimaryAudioTrack();
      const length = await input.computeDuration();
      if (track && length > 0 && (await track.canDecode()))
        return new FileSound(input, new AudioSampleSink(track), length);
    } catch {
      // The browser may play a file that this reader does not know: such a take has no sound.
    }
    input.dispose();
    return null;
  }

  /**
   * Adds the sound from `start` to `end` to `source`, in which `start` is 0. Both are on the clock of the video's
   * frames, which continues when the video loops; `end` increases from call to call.
   */
  feed(source: AudioSampleSource, start: Seconds, end: Seconds): Promise<void> {
    this.#busy = this.#busy.then(() => this.#feed(source, start, end));
    return this.#busy;
  }

  /** The video continues at another place of the file: at `at` on its clock, the file's time is `to`. */
  jump(at: Seconds, to: Seconds): void {
    this.#busy = this.#busy.then(async () => {
      this.#next?.close();
      this.#next = undefined;
      await this.#samples?.return();
      this.#run = at - to;
      this.#from = at;
      this.#samples = this.sink.samples(Math.max(0, to));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#busy.catch(() => undefined);
    this.#next?.close();
    await this.#samples?.return();
    this.input.dispose();
  }

  async #feed(source: AudioSampleSource, start: Seconds, end: Seconds): Promise<void> {
    if (!this.#samples) {
      this.#run = Math.floor(start / this.length) * this.length;
      this.#samples = this.sink.samples(start - this.#run);
    }
    while (!this.#closed) {
      const sample = this.#next ?? (await this.#read());
      this.#next = sample;
      if (!sample) return;
      const time = this.#run + sample.timestamp - start;
      if (time + start >= end) return;
      this.#next = undefined;
      try {
        if (time < 0 || time + start < this.#from) continue;
        sample.setTimestamp(time);
        await source.add(sample);
      } finally {
        sample.close();
      }
    }
  }

  /** The next sample; after the file's end it starts again from the beginning. */
  async #read(): Promise<AudioSample | undefined> {
    for (let runs = 0; runs < 2; runs++) {
      const read = await this.#samples?.next();
      if (read?.value) return read.value;
      this.#run += this.length;
      this.#samples = this.sink.samples(0);
    }
    return undefined;
  }
}
