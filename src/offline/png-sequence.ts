import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { Seconds } from '../face/types';
import type { FileSink } from './file-sink';

/** Writes pictures into a ZIP, with a table of their times. Memory holds one picture. */
export class PngSequence {
  readonly #zip: Zip;
  #writes: Promise<void> = Promise.resolve();
  #position = 0;
  #table = 'file,time\n';
  #count = 0;

  constructor(private readonly sink: FileSink) {
    this.#zip = new Zip((error, data) => {
      this.#writes = this.#writes.then(() => {
        if (error) throw error;
        return this.#write(data.slice());
      });
      this.#writes.catch(() => undefined);
    });
  }

  /** Adds the canvas as it is now. Resolves when it is written. Rejects where the disk is full. */
  async add(canvas: HTMLCanvasElement, time: Seconds): Promise<void> {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error('The picture could not be encoded as PNG.');
    this.#count += 1;
    const name = `frame-${String(this.#count).padStart(6, '0')}.png`;
    this.#table += `${name},${time.toFixed(6)}\n`;
    // PNG is compressed already.
    const entry = new ZipPassThrough(name);
    this.#zip.add(entry);
    entry.push(new Uint8Array(await blob.arrayBuffer()), true);
    await this.#writes;
  }

  async finish(): Promise<void> {
    const entry = new ZipDeflate('times.csv');
    this.#zip.add(entry);
    entry.push(new TextEncoder().encode(this.#table), true);
    this.#zip.end();
    await this.#writes;
    await this.sink.close();
  }

  async cancel(): Promise<void> {
    this.#zip.terminate();
    await this.#writes.catch(() => undefined);
    await this.sink.abort();
  }

  async #write(data: Uint8Array<ArrayBuffer>): Promise<void> {
    const position = this.#position;
    this.#position += data.length;
    await this.sink.write(data, position);
  }
}
