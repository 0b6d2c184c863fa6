import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXPRESSION_NAMES } from '../../src/face/types';
import { isInterrupted, RecordingStore } from '../../src/recording/recording-store';
import { goldenLines, lineAt, someHeader } from './some-frame';

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

let store: RecordingStore;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = new RecordingStore();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await store.close();
});

describe('RecordingStore', () => {
  it('RC1 gives back the lines as they were appended, from any position, over several chunks', async () => {
    const writer = await store.create(someHeader());
    const lines = Array.from({ length: 300 }, (_, i) => lineAt(i / 30));
    for (const [i, line] of lines.entries()) await writer.append(line, i / 30);
    await writer.finish();
    expect(await collected(store.lines(writer.id))).toEqual(lines);
    expect(await collected(store.lines(writer.id, 217))).toEqual(lines.slice(217));
    const [info] = await store.list();
    expect(info).toMatchObject({ frames: 300, start: 0, state: 'complete', name: 'Test' });
    expect(info?.end).toBeCloseTo(299 / 30);
    const [frame] = await collected(store.frames(writer.id, 299));
    expect(Object.keys(frame?.faces[0]?.coefficients.expression ?? {})).toEqual([...EXPRESSION_NAMES]);
  });

  it('RC2 stores appended frames within a second, so that an interrupted recording keeps them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const writer = await store.create(someHeader());
    await writer.append(lineAt(0), 0);
    await writer.append(lineAt(0.1), 0.1);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(writer.unsaved).toHaveLength(0));
    // The page ends here: nothing calls finish.
    const other = new RecordingStore();
    const [info] = await other.list();
    expect(info).toMatchObject({ state: 'recording', frames: 2 });
    expect(info && isInterrupted(info, info.updated + 6000)).toBe(true);
    expect(info && isInterrupted(info, info.updated + 1000)).toBe(false);
    expect(await collected(other.frames(writer.id))).toHaveLength(2);
    await other.close();
  });

  it('RC3 a full disk gives one sentence, and the frames stay available and are stored by the next write', async () => {
    const writer = await store.create(someHeader());
    await writer.append(lineAt(0), 0);
    await writer.flush();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no space', 'QuotaExceededError');
    });
    await writer.append(lineAt(0.1), 0.1);
    await expect(writer.flush()).rejects.toMatchObject({ name: 'RecordingError', code: 'full' });
    await expect(writer.append(lineAt(0.2), 0.2)).rejects.toThrow('is full');
    expect(writer.unsaved).toEqual([lineAt(0.1), lineAt(0.2)]);
    expect(await collected(store.lines(writer.id))).toEqual([lineAt(0)]);
    put.mockRestore();
    await writer.finish();
    expect(await collected(store.lines(writer.id))).toEqual([lineAt(0), lineAt(0.1), lineAt(0.2)]);
  });

  it('RC4 denied storage and a newer database are named; the newer database is not changed', async () => {
    const newer = await openDB('peekaboo-recordings', 7, {
      upgrade: (created) => void created.createObjectStore('new'),
    });
    newer.close();
    await expect(store.list()).rejects.toMatchObject({ code: 'version' });
    const again = await openDB('peekaboo-recordings');
    expect([again.version, ...again.objectStoreNames]).toEqual([7, 'new']);
    again.close();
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    await expect(store.create(someHeader())).rejects.toMatchObject({ code: 'denied' });
  });

  it('RC4 a recording of another version is listed, not read, and can be deleted', async () => {
    const writer = await store.create({ ...someHeader(), version: 2 as 1 });
    await writer.append(lineAt(0), 0);
    await writer.finish();
    expect(await store.list()).toHaveLength(1);
    await expect(collected(store.frames(writer.id))).rejects.toThrow('version 2');
    await store.delete(writer.id);
    expect(await store.list()).toHaveLength(0);
  });

  it('RC5 renames, marks and deletes one recording with its chunks and attachments', async () => {
    const [one, two] = [await store.create(someHeader()), await store.create(someHeader({ name: 'Other' }))];
    for (const writer of [one, two]) {
      await writer.append(lineAt(0), 0, { mask: Uint8Array.of(1, 2, 3) });
      await writer.update({ markers: [{ time: 0, name: 'start' }] });
      await writer.finish();
    }
    await store.rename(one.id, 'Renamed');
    expect(await store.info(one.id)).toMatchObject({ name: 'Renamed', markers: [{ time: 0, name: 'start' }] });
    expect(await store.attachment(one.id, 0, 'mask')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await store.attachment(one.id, 1, 'mask')).toBeUndefined();
    await store.delete(one.id);
    await expect(collected(store.frames(one.id))).rejects.toMatchObject({ code: 'missing' });
    expect(await store.attachment(one.id, 0, 'mask')).toBeUndefined();
    expect(await collected(store.lines(two.id))).toHaveLength(1);
    await store.deleteAll();
    expect(await store.list()).toEqual([]);
  });

  it('RC3 a change of a header that fails is reported once and changes nothing', async () => {
    const { id } = await store.create(someHeader());
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    // The request fails, and with it its transaction.
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown) {
      return this.add(value);
    });
    await expect(store.rename(id, 'Other')).rejects.toMatchObject({ name: 'RecordingError' });
    await expect(store.rename('none', 'Other')).rejects.toMatchObject({ code: 'missing' });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(await store.info(id)).toMatchObject({ name: 'Test' });
  });

  it('RC3 writing to a deleted recording is reported and creates nothing', async () => {
    const writer = await store.create(someHeader());
    await store.delete(writer.id);
    await writer.append(lineAt(0), 0);
    await expect(writer.finish()).rejects.toMatchObject({ code: 'missing' });
    const raw = await openDB('peekaboo-recordings');
    expect(await raw.count('chunks')).toBe(0);
    raw.close();
  });

  it('RC1 reads every golden line', async () => {
    const writer = await store.create(someHeader());
    for (const [i, line] of goldenLines.entries()) await writer.append(line, i);
    await writer.finish();
    expect(await collected(store.frames(writer.id))).toHaveLength(goldenLines.length);
  });
});
