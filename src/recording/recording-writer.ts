import type { Seconds } from '../face/types';
import { gzipLines } from './gzip-lines';
import { type Attachment, found, type RecordingDatabase, type RecordingInfo } from './recording-database';
import { storageError } from './recording-error';
import type { RecordingHeader } from './recording-header';

/** Binary data that belongs to a frame, by name. */
export type FrameAttachments = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** What may change in a header after the recording has started. */
export type HeaderChange = Partial<Pick<RecordingHeader, 'name' | 'restingFace' | 'markers'>>;

interface PendingFrame {
  readonly line: string;
  readonly time: Seconds;
  readonly attachments: FrameAttachments;
}

/** Milliseconds between two writes. A crash loses the frames since the last one. */
const PERIOD = 1000;
/** Frames after which a write starts early, as when a clip is tracked faster than real time. */
const MOST_PENDING = 120;

/**
 * Writes the frames of one recording, in order. A frame is stored a second after `append` at the latest. Where a write
 * fails, its frames stay in `unsaved`, and the next write stores them too.
 */
export class RecordingWriter {
  #pending: PendingFrame[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #chain: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;
  #position = 0;

  /** `open` gives the database, which may have been closed since the last write. */
  constructor(
    readonly id: string,
    private readonly open: () => Promise<RecordingDatabase>,
  ) {}

  /** Number of frames that were appended. */
  get frames(): number {
    return this.#position + this.#pending.length;
  }

  /** The lines that are not stored yet. */
  get unsaved(): readonly string[] {
    return this.#pending.map(({ line }) => line);
  }

  /**
   * Adds a frame: its line (`frameLine`) and its time. Resolves when there is room for the next one, which a live source
   * need not await. Rejects with RecordingError after a write has failed.
   */
  async append(line: string, time: Seconds, attachments: FrameAttachments = {}): Promise<void> {
    this.#pending.push({ line, time, attachments });
    if (this.#failure) throw this.#failure;
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), PERIOD);
    if (this.#pending.length >= MOST_PENDING) await this.flush();
  }

  /** Stores all frames that were appended so far. Rejects with RecordingError, and keeps them. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#enqueue(() => this.#store({}));
  }

  /** Changes the header. Rejects with RecordingError. */
  update(change: HeaderChange): Promise<void> {
    return this.#enqueue(() => this.#store(change));
  }

  /**
   * Stores what is left, changes the header and marks the recording as complete. Rejects with RecordingError; it can be
   * called again.
   */
  finish(change: HeaderChange = {}): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#enqueue(() => this.#store({ ...change, state: 'complete' }));
  }

  /** A failed write does not affect the next one. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const run = this.#chain.then(work).then(
      () => {
        this.#failure = undefined;
      },
      (error: unknown) => {
        this.#failure = storageError(error);
        throw this.#failure;
      },
    );
    this.#chain = run.catch(() => undefined);
    return run;
  }

  /** One transaction: the chunk, its attachments and the entry of the recording belong together. */
  async #store(change: Partial<RecordingHeader>): Promise<void> {
    const batch = this.#pending.slice();
    const data = batch.length > 0 ? await gzipLines(batch.map(({ line }) => line)) : undefined;
    const database = await this.open();
    const transaction = database.transaction(['recordings', 'chunks', 'attachments'], 'readwrite');
    // Awaited below. A write that fails before that rejects it too.
    transaction.done.catch(() => undefined);
    try {
      const entries = transaction.objectStore('recordings');
      const info = found(await entries.get(this.id));
      void entries.put(this.#changed(info, batch, data?.length ?? 0, change)).catch(() => undefined);
      if (data) {
        const chunk = { id: this.id, first: this.#position, count: batch.length, data };
        void transaction
          .objectStore('chunks')
          .put(chunk)
          .catch(() => undefined);
      }
      for (const attachment of this.#attachmentsOf(batch)) {
        void transaction
          .objectStore('attachments')
          .put(attachment)
          .catch(() => undefined);
      }
    } catch (error) {
      transaction.abort();
      throw error;
    }
    await transaction.done;
    this.#position += batch.length;
    this.#pending = this.#pending.slice(batch.length);
  }

  #changed(
    info: RecordingInfo,
    batch: readonly PendingFrame[],
    bytes: number,
    change: Partial<RecordingHeader>,
  ): RecordingInfo {
    const [first, last] = [batch[0], batch.at(-1)];
    return {
      ...info,
      ...change,
      frames: this.#position + batch.length,
      start: this.#position === 0 && first ? first.time : info.start,
      end: last?.time ?? info.end,
      bytes: info.bytes + bytes,
      updated: Date.now(),
    };
  }

  *#attachmentsOf(batch: readonly PendingFrame[]): Generator<Attachment, void, undefined> {
    for (const [i, { attachments }] of batch.entries()) {
      for (const [name, data] of Object.entries(attachments)) {
        yield { id: this.id, position: this.#position + i, name, data };
      }
    }
  }
}
