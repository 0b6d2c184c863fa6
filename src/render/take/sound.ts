import { ALL_FORMATS, type AudioSample, AudioSampleSink, type AudioSampleSource, BlobSource, Input } from 'mediabunny';
import type { Seconds } from '../../face/types';

/** The sound of a video file, for a take of it: handed over piece by piece, as far as the pictures have come. */
export class FileSound {
  #samples: AsyncGenerator<AudioSample, void, unknown> | undefined;
  #next: AudioSample | undefined;
  /** Seconds of the video's own clock at the start of the run through the file that is read now. */
  #run = 0;
  #busy: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(
    private readonly input: Input,
    private readonly sink: AudioSampleSink,
    private readonly length: Seconds,
  ) {}

  /** Null where the file has no sound that can be read. */
  static async open(file: Blob): Promise<FileSound | null> {
    const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
    try {
      const track = await input.getPrimaryAudioTrack();
      const length = await input.computeDuration();
      if (track && length > 0 && (await track.canDecode()))
        return new FileSound(input, new AudioSampleSink(track), length);
    } catch {
      // A file that the browser plays and this reader does not know is taken without sound.
    }
    input.dispose();
    return null;
  }

  /**
   * Adds the sound from `start` up to `end` to `source`, in which `start` is 0. Both on the clock of the video's frames,
   * which goes on over a loop's restart; `end` grows from call to call.
   */
  feed(source: AudioSampleSource, start: Seconds, end: Seconds): Promise<void> {
    this.#busy = this.#busy.then(() => this.#feed(source, start, end));
    return this.#busy;
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
      if (time >= 0) {
        sample.setTimestamp(time);
        await source.add(sample);
      }
      sample.close();
    }
  }

  /** The next piece, from the file's start again after its end. */
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
