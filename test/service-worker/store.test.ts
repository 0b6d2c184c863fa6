import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerWith } from '../../src/service-worker/answer';
import { createFileStore } from '../../src/service-worker/store';
import { hashOf, nameOf, type Version } from '../../src/service-worker/version';

const BASE = 'https://host.example/some/path/';
const hash = (text: string) => createHash('sha256').update(text).digest('base64');

/** A cache in memory. */
function memoryCache() {
  const entries = new Map<string, Response>();
  return {
    entries,
    async match(key: RequestInfo | URL) {
      return entries.get(String(key))?.clone();
    },
    async put(key: RequestInfo | URL, response: Response) {
      entries.set(String(key), response);
    },
    async keys() {
      return [...entries.keys()].map((url) => new Request(url));
    },
    async delete(key: RequestInfo | URL) {
      return entries.delete(String(key));
    },
  };
}

/** A host with files, which compares hashes as browsers do. */
function host(files: Record<string, string>) {
  const requested: string[] = [];
  const request = async (url: string, { integrity }: RequestInit) => {
    const name = decodeURIComponent(url.slice(BASE.length));
    requested.push(name);
    const text = files[name];
    if (text === undefined) return new Response('missing', { status: 404 });
    if (integrity !== `sha256-${hash(text)}`) throw new TypeError('Failed to fetch');
    return new Response(text, { headers: { 'content-encoding': 'br', 'content-length': '3', 'content-type': 'a/b' } });
  };
  return { files, requested, request };
}

function version(files: Record<string, string>, optional: Record<string, string> = {}): Version {
  const hashes = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, hash(text)]));
  return { id: hash(JSON.stringify(files)), files: hashes(files), optional: hashes(optional), headers: {} };
}

describe('a version', () => {
  it.each([
    ['', 'index.html'],
    ['?source=sample#x', 'index.html'],
    ['assets/a%20b.js?v=1', 'assets/a b.js'],
    ['folder/', 'folder/index.html'],
  ])('SW1 %s is the file %s', (address, name) => {
    expect(nameOf(BASE, BASE + address)).toBe(name);
  });

  it.each(['https://host.example/some/', 'https://other.example/some/path/index.html', `${BASE}%zz`])(
    'SW1 %s is no file of the site',
    (url) => {
      expect(nameOf(BASE, url)).toBeUndefined();
    },
  );

  it('SW1 has its files and optional files, and no properties of objects', () => {
    const one = version({ 'index.html': 'page' }, { 'big.wasm': 'wasm' });
    expect(hashOf(one, BASE, BASE)).toBe(hash('page'));
    expect(hashOf(one, BASE, `${BASE}big.wasm`)).toBe(hash('wasm'));
    expect(hashOf(one, BASE, `${BASE}constructor`)).toBeUndefined();
  });
});

describe('the store', () => {
  it('SW2 stores all files of a version, and answers without the host', async () => {
    const files = { 'index.html': 'page', 'a b.js': 'script' };
    const cache = memoryCache();
    const store = createFileStore({ base: BASE, cache, ...host(files) });
    await store.storeAll(version(files));
    const offline = createFileStore({ base: BASE, cache, request: () => Promise.reject(new Error('offline')) });
    const answer = await offline.read(version(files), `${BASE}a%20b.js`);
    expect(await answer?.text()).toBe('script');
    expect(offline.read(version(files), `${BASE}other.js`)).toBeUndefined();
  });

  it('SW2 a stored file has its type, its true length and no encoding', async () => {
    const store = createFileStore({ base: BASE, cache: memoryCache(), ...host({ 'a.js': 'script' }) });
    const stored = await store.read(version({ 'a.js': 'script' }), `${BASE}a.js`);
    expect(Object.fromEntries(stored?.headers ?? [])).toEqual({ 'content-type': 'a/b', 'content-length': '6' });
  });

  it.each([
    ['is missing', {}],
    ['belongs to another version', { 'b.js': 'newer' }],
  ])('SW3 a version is not stored where a file %s', async (_, files) => {
    const store = createFileStore({ base: BASE, cache: memoryCache(), ...host({ 'a.js': 'a', ...files }) });
    await expect(store.storeAll(version({ 'a.js': 'a', 'b.js': 'b' }))).rejects.toThrow();
  });

  it('SW3 what two versions share is requested once', async () => {
    const site = host({ 'index.html': 'first', 'weights.bin': 'weights' });
    const store = createFileStore({ base: BASE, cache: memoryCache(), ...site });
    await store.storeAll(version(site.files));
    site.files['index.html'] = 'second';
    await store.storeAll(version(site.files));
    expect(site.requested.sort()).toEqual(['index.html', 'index.html', 'weights.bin']);
  });

  it('SW4 optional files are stored when they are first used', async () => {
    const site = host({ 'index.html': 'page', 'big.wasm': 'wasm' });
    const store = createFileStore({ base: BASE, cache: memoryCache(), ...site });
    const one = version({ 'index.html': 'page' }, { 'big.wasm': 'wasm' });
    await store.storeAll(one);
    for (let i = 0; i < 2; i += 1) expect(await (await store.read(one, `${BASE}big.wasm`))?.text()).toBe('wasm');
    expect(site.requested).toEqual(['index.html', 'big.wasm']);
  });

  it('SW4 an optional file of another version is an error, not half a version', async () => {
    const site = host({ 'index.html': 'page', 'big.wasm': 'newer' });
    const store = createFileStore({ base: BASE, cache: memoryCache(), ...site });
    await expect(store.read(version({}, { 'big.wasm': 'wasm' }), `${BASE}big.wasm`)).rejects.toThrow();
  });

  it('SW5 removes files that belong to no version, and nothing of other sites', async () => {
    const cache = memoryCache();
    await cache.put('https://host.example/other/__stored/x', new Response('other'));
    const site = host({ 'index.html': 'first', 'weights.bin': 'weights' });
    const store = createFileStore({ base: BASE, cache, ...site });
    await store.storeAll(version(site.files));
    site.files['index.html'] = 'second';
    const second = version(site.files);
    await store.storeAll(second);
    expect(cache.entries.size).toBe(4);
    await store.keepOnly([second]);
    expect(cache.entries.size).toBe(3);
    expect(await (await store.read(second, BASE))?.text()).toBe('second');
  });
});

describe('an answer', () => {
  const stored = () => new Response('0123456789', { headers: { 'content-type': 'video/mp4', 'x-frame': 'own' } });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=4-2', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
    ['bytes=-', 200, '0123456789', null],
  ])('SW6 to the range %s is %d', async (range, status, text, contentRange) => {
    const answer = await answerWith(new Request(BASE, { headers: { range } }), stored(), {});
    expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
      status,
      text,
      contentRange,
    ]);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
  });

  it('SW7 has the headers that the host did not send', async () => {
    const answer = await answerWith(new Request(BASE), stored(), { 'X-Frame': 'added', 'X-Other': 'added' });
    expect([answer.headers.get('x-frame'), answer.headers.get('x-other')]).toEqual(['own', 'added']);
    expect(await answer.text()).toBe('0123456789');
  });
});
