import { StreamTarget, type StreamTargetChunk } from 'mediabunny';

/** Where a rendered file is written, piece by piece. */
export interface FileSink {
  /** Writes bytes at a position. Rejects where the disk is full. */
  write(data: Uint8Array<ArrayBuffer>, position: number): Promise<void>;
  /** Completes the file. */
  close(): Promise<void>;
  /** Discards what was written. */
  abort(): Promise<void>;
}

/** Bytes that are collected before they are written. */
const CHUNK = 4 * 2 ** 20;

/** The sink as a target of an encoder. The file is completed by `finalize` of the output. */
export function targetOf(sink: FileSink): StreamTarget {
  const writable = new WritableStream<StreamTargetChunk>({
    write: ({ data, position }) => sink.write(data, position),
    close: () => sink.close(),
    abort: () => sink.abort(),
  });
  return new StreamTarget(writable, { chunked: true, chunkSize: CHUNK });
}

/** A file that the user has chosen, or one in the browser's private storage. */
export async function fileSink(handle: FileSystemFileHandle): Promise<FileSink> {
  const file = await handle.createWritable();
  return {
    write: (data, position) => file.write({ type: 'write', data, position }),
    close: () => file.close(),
    abort: () => file.abort().catch(() => undefined),
  };
}
