import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADERS, portOf, serve } from '../../tools/lib/serve.mjs';

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

/** Requests a file that only this server's user may read, under a name of the host. */
function requestAs(host: string, agent?: Agent): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path: '/__input/0', headers: { Host: host }, ...(agent ? { agent } : {}) };
    get(options, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
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

  it.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '10.0.0.1'])(
    'W8 a request under another name of the host is refused: %s',
    async (host) => {
      const { status, text } = await requestAs(host);
      expect(status).toBe(421);
      expect(text).not.toContain('secret');
    },
  );

  it.each(['localhost:1', '127.0.0.1', '[::1]:5180'])('W8 names of this machine are accepted: %s', async (host) => {
    expect((await requestAs(host)).status).toBe(200);
  });

  it('W9 a connection that sends many requests at once is ended; others are answered', async () => {
    const socket = connect(Number(new URL(server.origin).port), new URL(server.origin).hostname);
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', () => {});
    const ended = new Promise((done) => socket.once('close', done));
    socket.write('GET /assets/a.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(5000));
    await ended;
    expect(received.match(/HTTP\/1\.1 200/g)?.length ?? 0).toBeLessThanOrEqual(8);
    expect((await fetch(server.origin)).status).toBe(200);
  });

  it('W9 one connection can send any number of requests one after the other', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 20; i += 1) expect((await requestAs('localhost', agent)).status).toBe(200);
    agent.destroy();
  });

  it('W10 a taken port is one sentence', async () => {
    const port = Number(new URL(server.origin).port);
    await expect(serve({ folders: [], port })).rejects.toThrow(`port ${port} cannot be used: another program uses it.`);
  });

  it.each(['abc', '-1', '70000', '1.5', ''])('W10 PORT=%s is refused', (text) => {
    expect(() => portOf(text)).toThrow(`PORT=${text}: a port is a whole number`);
  });

  it('W6 two servers take two ports', async () => {
    const other = await serve({ folders: [] });
    expect(other.origin).not.toBe(server.origin);
    await other.close();
  });
});
