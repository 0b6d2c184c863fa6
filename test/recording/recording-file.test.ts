import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { framesOfFile, importRecording, recordingFile } from '../../src/recording/recording-file';
import { RecordingStore } from '../../src/recording/recording-store';
import { goldenLines, lineAt, someHeader } from './some-frame';

let store: RecordingStore;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = new RecordingStore();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

const fileOf = (...lines: string[]) => new Blob(lines.map((line) => `${line}\n`));

async function saved(count: number): Promise<string> {
  const writer = await store.create(someHeader());
  for (let i = 0; i < count; i++) await writer.append(lineAt(i / 30), i / 30);
  await writer.update({ markers: [{ time: 0.1, name: 'take 2' }] });
  await writer.finish();
  return writer.id;
}

describe('recording files', () => {
  it('RC6 a saved recording opens again with the same frames, name and markers, under a new identifier', async () => {
    const id = await saved(250);
    const file = await recordingFile(store, id);
    const opened = await importRecording(store, file, 'take.jsonl');
    expect(opened).toMatchObject({ frames: 250, fault: null });
    expect(opened.id).not.toBe(id);
    const [a, b] = [await store.info(id), await store.info(opened.id)];
    expect(b).toMatchObject({ name: a.name, markers: a.markers, created: a.created, frames: 250, end: a.end });
    expect(await (await recordingFile(store, opened.id)).text()).toContain(lineAt(249 / 30));
  });

  it('RC6 opens frames.jsonl of the headless tracker', async () => {
    const { id, frames } = await importRecording(store, fileOf(...goldenLines), 'frames.jsonl');
    expect(frames).toBe(goldenLines.length);
    expect(await store.info(id)).toMatchObject({
      width: 960,
      height: 541,
      source: { kind: 'video', name: 'golden.mp4' },
    });
  });

  it('RC7 a truncated file is read up to the cut, which is reported', async () => {
    const text = await fileOf(JSON.stringify(someHeader()), lineAt(0), lineAt(0.1), lineAt(0.2)).text();
    const { frames, fault } = await importRecording(store, new Blob([text.slice(0, -200)]), 'cut.jsonl');
    expect(frames).toBe(2);
    expect(fault).toBe('cut.jsonl is cut off. The 2 lines before it were read.');
    const damaged = fileOf(JSON.stringify(someHeader()), lineAt(0), '{"faces": 3}', lineAt(0.2));
    expect((await importRecording(store, damaged, 'x.jsonl')).fault).toMatch(/^Line 2 of x.jsonl is no tracked frame/);
  });

  it('RC7 another version, another file and an empty file are refused in one sentence and store nothing', async () => {
    const newer = JSON.stringify({ ...someHeader(), version: 9 });
    await expect(importRecording(store, fileOf(newer, lineAt(0)), 'a')).rejects.toThrow('version 9');
    const wrong = JSON.stringify({ ...someHeader(), width: -3 });
    await expect(importRecording(store, fileOf(wrong), 'a')).rejects.toThrow('width is wrong');
    for (const file of [
      new Blob([]),
      new Blob(['\x00\x01\x02']),
      fileOf('{"a": 1}'),
      fileOf(JSON.stringify(someHeader())),
    ]) {
      await expect(importRecording(store, file, 'b.jsonl')).rejects.toThrow('b.jsonl is no recording');
    }
    expect(await store.list()).toEqual([]);
  });

  it('RC7 a huge file without lines is refused before it is read', async () => {
    let pulled = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(1e6).fill(120));
    };
    const endless = { stream: () => new ReadableStream({ pull }) };
    await expect(importRecording(store, endless as unknown as Blob, 'huge.bin')).rejects.toThrow('no recording');
    expect(pulled).toBeLessThan(20);
  });

  it('RC7 a file that is refused is closed', async () => {
    const cancel = vi.fn();
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
      controller.enqueue(new TextEncoder().encode('{"a": 1}\n'));
    const file = { stream: () => new ReadableStream({ pull, cancel }) };
    await expect(importRecording(store, file as unknown as Blob, 'a.jsonl')).rejects.toThrow('no recording');
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('RC7 frames are read with or without a header; a damaged first line and another version are named', async () => {
    const framesOf = async (...lines: string[]) => {
      let count = 0;
      for await (const _ of framesOfFile(fileOf(...lines), 'a.jsonl')) count += 1;
      return count;
    };
    const header = someHeader();
    expect(await framesOf(lineAt(0), lineAt(1))).toBe(2);
    expect(await framesOf(JSON.stringify(header), lineAt(0))).toBe(1);
    const damaged = { name: 'RecordingError', message: 'Line 1 of a.jsonl is cut off or damaged.' };
    await expect(framesOf('{"faces": [', lineAt(0))).rejects.toMatchObject(damaged);
    await expect(framesOf(JSON.stringify({ ...header, version: 9 }), lineAt(0))).rejects.toThrow('version 9');
  });

  it('RC7 a full disk while a file is opened leaves nothing behind', async () => {
    const file = fileOf(JSON.stringify(someHeader()), lineAt(0));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no space', 'QuotaExceededError');
    });
    await expect(importRecording(store, file, 'a.jsonl')).rejects.toThrow('is full');
    vi.restoreAllMocks();
    expect(await store.list()).toEqual([]);
  });
});
