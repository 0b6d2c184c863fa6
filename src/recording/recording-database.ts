import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Seconds } from '../face/types';
import { RecordingError, storageError } from './recording-error';
import type { RecordingHeader } from './recording-header';

/** A stored recording: its header, and what was written so far. */
export interface RecordingInfo extends RecordingHeader {
  /** Number of frames. */
  readonly frames: number;
  /** Times of the first and the last frame. */
  readonly start: Seconds;
  readonly end: Seconds;
  /** Of the compressed frames, without attachments. */
  readonly bytes: number;
  /** Milliseconds since 1970 of the last write. */
  readonly updated: number;
}

/** Compressed lines of `count` frames, the first at position `first`. */
export interface Chunk {
  readonly id: string;
  readonly first: number;
  readonly count: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Binary data of the frame at `position`. */
export interface Attachment {
  readonly id: string;
  readonly position: number;
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

interface Schema extends DBSchema {
  recordings: { key: string; value: RecordingInfo };
  chunks: { key: [string, number]; value: Chunk };
  attachments: { key: [string, number, string]; value: Attachment };
}

export type RecordingDatabase = IDBPDatabase<Schema>;

const NAME = 'peekaboo-recordings';
const VERSION = 1;

/** Keys of all chunks or attachments of a recording. */
export const keysOf = (id: string) => IDBKeyRange.bound([id], [id, []]);

/** Opens the database. `onClosed`: the browser closed it, or another page needs it closed. Rejects with RecordingError. */
export async function openDatabase(onClosed: () => void): Promise<RecordingDatabase> {
  try {
    const database = await openDB<Schema>(NAME, VERSION, {
      upgrade(created) {
        created.createObjectStore('recordings', { keyPath: 'id' });
        created.createObjectStore('chunks', { keyPath: ['id', 'first'] });
        created.createObjectStore('attachments', { keyPath: ['id', 'position', 'name'] });
      },
      blocking(_current, _blocked, event) {
        onClosed();
        if (event.target instanceof IDBDatabase) event.target.close();
      },
      terminated: onClosed,
    });
    return database;
  } catch (error) {
    throw storageError(error);
  }
}

/** `value`, the entry of a recording. Throws RecordingError where it is undefined: the recording does not exist. */
export function found<T>(value: T | undefined): T {
  if (value !== undefined) return value;
  throw new RecordingError(
    'missing',
    'This recording does not exist any more; it was deleted, perhaps in another tab.',
  );
}
