import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TrackerError } from '../../src/pipeline/tracker-error';
import { explainBlocked } from '../../src/tracker/explain-blocked';
import { spawnWorker } from '../../src/tracker/worker-spawn';

class FakeWorker extends EventTarget {
  static readonly scripts: string[] = [];
  constructor(script: string) {
    super();
    FakeWorker.scripts.push(script);
  }
}

let blob: Blob | undefined;
beforeEach(() => {
  FakeWorker.scripts.length = 0;
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('location', { origin: 'https://app.test' });
  vi.spyOn(URL, 'createObjectURL').mockImplementation((made) => {
    blob = made as Blob;
    return 'blob:script';
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const blocked = new TrackerError({ name: 'WorkerError', code: 'worker-blocked', message: 'It did not start.' });

describe('worker of the package', () => {
  it('PK7 starts from its address on the same origin', () => {
    spawnWorker('https://app.test/x/worker.mjs');
    expect(FakeWorker.scripts).toEqual(['https://app.test/x/worker.mjs']);
  });

  it('PK7 starts from a blob that imports it on another origin', async () => {
    spawnWorker('https://cdn.test/worker.mjs');
    expect(FakeWorker.scripts).toEqual(['blob:script']);
    expect(await blob?.text()).toBe('import "https://cdn.test/worker.mjs";');
  });

  it('PK8 outside a browser the error says what to do', () => {
    vi.unstubAllGlobals();
    expect(() => spawnWorker('https://app.test/worker.mjs')).toThrow('call it on the client');
  });

  it.each([
    ['text/html', 'got text/html instead of the file, HTTP 200'],
    ['application/octet-stream', 'got application/octet-stream instead of text/javascript'],
    ['text/javascript', 'content security policy'],
  ])('PK8 a worker that does not start is explained: served as %s', async (type, reason) => {
    vi.stubGlobal('fetch', async () => new Response('x', { headers: { 'content-type': type } }));
    const error = await explainBlocked(blocked, 'https://app.test/worker.mjs');
    expect(error).toMatchObject({ code: 'worker-blocked' });
    expect(String(error)).toContain('It did not start. https://app.test/worker.mjs');
    expect(String(error)).toContain(reason);
  });

  it('PK8 other errors are left alone', async () => {
    const other = new Error('x');
    expect(await explainBlocked(other, 'https://app.test/worker.mjs')).toBe(other);
  });
});
