import { gunzipLines } from './gzip-lines';
import { parseFrame, type RecordedFrame } from './recorded-frame';
import {
  type Attachment,
  type Chunk,
  found,
  keysOf,
  openDatabase,
  type RecordingDatabase,
  type RecordingInfo,
} from './recording-database';
import { RecordingError, storageError } from './recording-error';
import { RECORDING_VERSION, type RecordingHeader } from './recording-header';
import { type HeaderChange, RecordingWriter } from './recording-writer';

/** Milliseconds without a write after which a recording that is not finished counts as interrupted. */
const SILENCE = 5000;

/** Whether the recording ended without `finish`: its page was closed or crashed. It contains what was stored before. */
export function isInterrupted({ state, updated }: Pick<RecordingInfo, 'state' | 'updated'>, now = Date.now()): boolean {
  return state === 'recording' && now - updated > SILENCE;
}

/**
 * The recordings of this browser, in IndexedDB. All methods reject with RecordingError, whose message is for the user;
 * a failed call changes nothing.
 */
export class RecordingStore {
  #database: Promise<RecordingDatabase> | undefined;

  /** Creates a recording and returns its writer. Asks the browser to keep its storage when space becomes scarce. */
  async create(header: RecordingHeader): Promise<RecordingWriter> {
    void globalThis.navigator?.storage?.persist?.().catch(() => false);
    const info = { ...header, frames: 0, start: 0, end: 0, bytes: 0, updated: Date.now() };
    await this.#run((database) => database.add('recordings', info));
    return new RecordingWriter(header.id, () => this.#open());
  }

  /** All recordings, the newest first; interrupted ones, and those of other versions, too. */
  async list(): Promise<RecordingInfo[]> {
    const all = await this.#run((database) => database.getAll('recordings'));
    return all.sort((a, b) => b.created.localeCompare(a.created));
  }

  info(id: string): Promise<RecordingInfo> {
    return this.#run(async (database) => found(await database.get('recordings', id)));
  }

  /** The lines of a recording from position `from` on, as they were appended. Memory holds one chunk. */
  async *lines(id: string, from = 0): AsyncGenerator<string, void, undefined> {
    const info = await this.info(id);
    if (info.version !== RECORDING_VERSION) throw foreign(info);
    let position = from;
    while (position < info.frames) {
      const chunk = await this.#chunkAt(id, position);
      for (const line of (await readChunk(chunk, info)).slice(position - chunk.first)) yield line;
      position = chunk.first + chunk.count;
    }
  }

  /** The frames of a recording from position `from` on. */
  async *frames(id: string, from = 0): AsyncGenerator<RecordedFrame, void, undefined> {
    let position = from;
    for await (const line of this.lines(id, from)) yield parseFrame(line, `Frame ${position++} of the recording`);
  }

  /** What was appended with the frame at `position` under `name`; undefined without it. */
  async attachment(id: string, position: number, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#run((database) => database.get('attachments', [id, position, name])))?.data;
  }

  /** What was appended with the frames at the positions from `from` to `to`, which is excluded. */
  attachments(id: string, from: number, to: number): Promise<Attachment[]> {
    const range = IDBKeyRange.bound([id, from], [id, to], false, true);
    return this.#run((database) => database.getAll('attachments', range));
  }

  rename(id: string, name: string): Promise<void> {
    return this.update(id, { name });
  }

  /** Changes the header of a stored recording. */
  async update(id: string, change: HeaderChange & Partial<Pick<RecordingHeader, 'state'>>): Promise<void> {
    await this.#run(async (database) => {
      const { store, done } = database.transaction('recordings', 'readwrite');
      const write = async () => store.put({ ...found(await store.get(id)), ...change });
      // Together: a write that fails rejects both.
      await Promise.all([write(), done]);
    });
  }

  async delete(id: string): Promise<void> {
    await this.#run(async (database) => {
      const transaction = database.transaction(['recordings', 'chunks', 'attachments'], 'readwrite');
      await Promise.all([
        transaction.objectStore('recordings').delete(id),
        transaction.objectStore('chunks').delete(keysOf(id)),
        transaction.objectStore('attachments').delete(keysOf(id)),
        transaction.done,
      ]);
    });
  }

  async deleteAll(): Promise<void> {
    for (const { id } of await this.list()) await this.delete(id);
  }

  async close(): Promise<void> {
    const opened = await this.#database?.catch(() => undefined);
    this.#database = undefined;
    opened?.close();
  }

  async #chunkAt(id: string, position: number): Promise<Chunk> {
    const range = IDBKeyRange.bound([id, 0], [id, position]);
    const cursor = await this.#run((database) => database.transaction('chunks').store.openCursor(range, 'prev'));
    const chunk = cursor?.value;
    if (chunk && position < chunk.first + chunk.count) return chunk;
    throw new RecordingError(
      'damaged',
      `Frame ${position} of the recording is missing; the frames before it are kept.`,
    );
  }

  #open(): Promise<RecordingDatabase> {
    this.#database ??= openDatabase(() => {
      this.#database = undefined;
    });
    // The next call tries again.
    this.#database.catch(() => {
      this.#database = undefined;
    });
    return this.#database;
  }

  async #run<T>(work: (database: RecordingDatabase) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      throw storageError(error);
    }
  }
}

function foreign({ name, version }: { readonly name: string; readonly version: number }): RecordingError {
  const message = `The recording “${name}” has version ${version} of the format, and this page reads version ${RECORDING_VERSION}. Open it with a newer page.`;
  return new RecordingError('version', message);
}

async function readChunk(chunk: Chunk, { name }: RecordingInfo): Promise<string[]> {
  try {
    return await gunzipLines(chunk.data);
  } catch (error) {
    const message = `The recording “${name}” is damaged from frame ${chunk.first} on; the frames before it are kept.`;
    throw new RecordingError('damaged', message, { cause: error });
  }
}
