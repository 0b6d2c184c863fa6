import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../tools/lib/serve.mjs';
import { fuzz, TIME_LIMIT, type Verdict } from './fuzz';
import { below, pick, type Random } from './mutate';

const SECRET = 'nobody may read this';
const folder = mkdtempSync(join(tmpdir(), 'peekaboo-fuzz-'));
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const site = join(folder, 'site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  writeFileSync(join(site, 'index.html'), '<!doctype html>page');
  writeFileSync(join(site, 'assets/a.js'), '0123456789'.repeat(1000));
  writeFileSync(join(site, 'assets/a.js.br'), 'compressed');
  symlinkSync(join(folder, 'secret.txt'), join(site, 'link.txt'));
  server = await serve({ folders: [site] });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const PARTS = ['..', '.', '', 'assets', 'a.js', 'a.js.br', 'index.html', 'secret.txt', 'link.txt', 'etc', 'passwd'];
const ENCODINGS = [
  (text: string) => text,
  encodeURIComponent,
  (text: string) => text.replaceAll('.', '%2e'),
  (text: string) => text.replaceAll('.', '%252e'),
  (text: string) => `${text}%00`,
  (text: string) => `${text}%2f..%2f..`,
  (text: string) => `${text}\\..\\..`,
  (text: string) => `${text}%c0%ae`,
  (text: string) => `${text};x?y#z`,
];
const RANGES = [
  'bytes=0-',
  'bytes=-5',
  'bytes=5-1',
  'bytes=99999-',
  'bytes=0-0,2-3',
  'bytes=a-b',
  `bytes=0-${'9'.repeat(400)}`,
];

function path(random: Random): string {
  if (random() < 0.4) return pick(random, ['/', '/index.html', '/assets/a.js']);
  const parts = Array.from({ length: below(random, 7) }, () => pick(random, ENCODINGS)(pick(random, PARTS)));
  return pick(random, ['/', '//', '/\\', 'http://localhost/', '']) + parts.join('/');
}

function header(random: Random): string {
  return pick(random, [
    () => `Range: ${pick(random, RANGES)}`,
    () => `Accept-Encoding: ${pick(random, ['br', 'gzip, br;q=0', '*', ',,;;q', 'br'.repeat(200)])}`,
    () => `X-Large: ${'x'.repeat(below(random, 40_000))}`,
    () => `If-None-Match: ${pick(random, ['*', '"a"', '\u00ff', ',,,'])}`,
    () => `If-Modified-Since: ${pick(random, ['never', '0', new Date(0).toUTCString()])}`,
    () => `Content-Length: ${pick(random, ['5', '-1', 'x', '99999999999999999999'])}`,
    () => `Transfer-Encoding: ${pick(random, ['chunked', 'gzip', 'x'])}`,
    () => `Expect: 100-continue`,
    () => `Upgrade: websocket\r\nConnection: Upgrade`,
    () => `bad header`,
    () => `Host: ${pick(random, ['evil.example', '', 'localhost:1'])}`,
  ])();
}

function request(random: Random): string {
  const method = pick(random, ['GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE', 'get', 'X\0Y']);
  const headers = Array.from({ length: below(random, 4) }, () => header(random));
  const host = random() < 0.9 ? ['Host: localhost'] : [];
  return `${[`${method} ${path(random)} HTTP/1.${pick(random, ['1', '1', '0', '9'])}`, ...host, ...headers].join('\r\n')}\r\n\r\n`;
}

/** Ends the connection after the answers. */
const LAST = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** Sends bytes on one connection, perhaps in pieces or cut off; resolves with what came back until the connection ends. */
function send(text: string, random: Random): Promise<string> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
    // A server that waits for more gets nothing.
    socket.setTimeout(150, () => socket.destroy());
    const cut = random() < 0.2 ? below(random, text.length) : text.length;
    const middle = below(random, cut + 1);
    socket.write(text.slice(0, middle));
    setImmediate(() => (random() < 0.1 ? socket.destroy() : socket.write(text.slice(middle, cut) + LAST)));
  });
}

it('FZ5 requests: nothing outside the folder is sent, and the server goes on', { timeout: TIME_LIMIT }, async () => {
  await fuzz('requests', async (random): Promise<Verdict> => {
    const count = random() < 0.2 ? 1 + below(random, 12) : 1;
    const answer = await send(Array.from({ length: count }, () => request(random)).join(''), random);
    expect(answer).not.toContain(SECRET);
    expect(answer).not.toContain('root:');
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/m);
    return /^HTTP\/1\.1 4/m.test(answer) || answer === '' ? 'refused' : 'accepted';
  });
  const page = await fetch(server.origin);
  expect(await page.text()).toContain('page');
});

it('FZ5 slow clients do not keep others from being answered', { timeout: TIME_LIMIT }, async () => {
  const { hostname, port } = new URL(server.origin);
  const slow = Array.from({ length: 100 }, () => connect(Number(port), hostname));
  try {
    for (const socket of slow) {
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.1\r\nHost: loc');
    }
    for (let i = 0; i < 20; i += 1) expect((await fetch(`${server.origin}/assets/a.js`)).status).toBe(200);
  } finally {
    for (const socket of slow) socket.destroy();
  }
});
