import { BlobSource } from 'mediabunny';

/** Reads of the same bytes in a row after which the reader makes no progress. */
const MOST_REPEATS = 1_000;

/**
 * The bytes of a file for mediabunny. In damaged Matroska and WebM files, its search for the next element (`resync`, as of
 * 1.61.0) can read the same eight bytes forever and block the thread: then reading fails.
 */
export function blobSource(blob: Blob): BlobSource {
  const source = new BlobSource(blob);
  const read: unknown = Reflect.get(source, '_read');
  if (typeof read !== 'function') throw new Error('mediabunny: BlobSource has no _read');
  let last = '';
  let repeats = 0;
  Reflect.set(source, '_read', (start: number, end: number, ...limits: unknown[]) => {
    const range = `${start}-${end}`;
    repeats = range === last ? repeats + 1 : 0;
    last = range;
    if (repeats > MOST_REPEATS) throw new Error(`the file is damaged at byte ${start}`);
    return read.call(source, start, end, ...limits);
  });
  return source;
}
