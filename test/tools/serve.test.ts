import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADERS, serve } from '../../tools/lib/serve.mjs';

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-serve-'));
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const root = join(folder, 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets/a.wasm'), '0123456789');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
  server = await serve({ folders: [root], files: new Map([['__input/0', join(folder, 'secret.txt')]]) });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Status for a path exactly as given; fetch would normalise it. */
function rawStatus(path: string): Promise<number> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });
}

describe('serve', () => {
  it('W1 gives every answer the headers of the page, and files their type', async () => {
    const page = await fetch(`${server.origin}/?source=sample`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch('text/html');
    const wasm = await fetch(`${server.origin}/assets/a.wasm`);
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
    const missing = await fetch(`${server.origin}/no-such-file`);
    expect(missing.status).toBe(404);
    for (const response of [page, wasm, missing]) {
      for (const [name, value] of Object.entries(HEADERS)) expect(response.headers.get(name)).toBe(value);
    }
  });

  it('W1 allows the page camera and microphone, and nothing else', () => {
    expect(HEADERS['Permissions-Policy']).toBe('camera=(self), microphone=(self)');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/link.txt',
    '/assets',
    '/%00',
    '/%zz',
  ])('W2 nothing outside its folders is served: %s', async (path) => {
    expect(await rawStatus(path)).toBe(404);
  });

  it('W3 serves the files it was given by name, and only those', async () => {
    expect(await (await fetch(`${server.origin}/__input/0`)).text()).toBe('secret');
    expect((await fetch(`${server.origin}/__input/1`)).status).toBe(404);
  });

  it('W4 answers with parts of files, as videos need', async () => {
    const part = await fetch(`${server.origin}/assets/a.wasm`, { headers: { Range: 'bytes=2-4' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(await part.text()).toBe('234');
    const beyond = await fetch(`${server.origin}/assets/a.wasm`, { headers: { Range: 'bytes=20-' } });
    expect(beyond.status).toBe(416);
  });

  it.each([
    ['bytes=0-', 206, '0123456789'],
    ['bytes=-3', 206, '789'],
    ['bytes=5-99', 206, '56789'],
    ['bytes=9-3', 416, ''],
    ['lines=1-2', 200, '0123456789'],
  ])('W4 reads the range %s', async (range, status, text) => {
    const answer = await fetch(`${server.origin}/assets/a.wasm`, { headers: { Range: range } });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe(text);
    if (status === 416) expect(answer.headers.get('content-range')).toBe('bytes */10');
    for (const [name, value] of Object.entries(HEADERS)) expect(answer.headers.get(name)).toBe(value);
  });

  it('W5 only reads: other methods are refused', async () => {
    expect((await fetch(server.origin, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(`${server.origin}/assets/a.wasm`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('10');
    expect(await head.text()).toBe('');
  });

  it('W6 two servers take two ports', async () => {
    const other = await serve({ folders: [] });
    expect(other.origin).not.toBe(server.origin);
    await other.close();
  });
});
