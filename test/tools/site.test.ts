import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressSite, removeCopies } from '../../tools/lib/compress-site.mjs';
import { HOSTING_FILES, SITE_FILES } from '../../tools/lib/host-files.mjs';
import { HEADERS, serve } from '../../tools/lib/serve.mjs';
import { stageTable, transferTable } from '../../tools/lib/start-tables.mjs';

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-site-'));
const site = join(folder, 'site');
const text = 'weights '.repeat(500);
const sent: { name: string; status: number; bytes: number }[] = [];
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), `<!doctype html>${text}`);
  writeFileSync(join(site, 'assets/index-Ab3_x-9Z.js'), text);
  writeFileSync(join(site, 'network.onnx'), text);
  writeFileSync(join(site, 'small.json'), '{}');
  writeFileSync(join(site, 'photo.jpg'), text);
  await compressSite(site, { cache: join(folder, 'cache') });
  server = await serve({ folders: [site], onSent: (answer) => void sent.push(answer) });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The answer as it is transferred; fetch would decode it. */
function request(name: string, headers: Record<string, string>) {
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    get(`${server.origin}/${name}`, { headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, body: Buffer.concat(chunks) });
    }).on('error', reject);
  });
}

describe('compressed copies', () => {
  it('W13 are made of files that get smaller', () => {
    const names = readdirSync(site, { recursive: true }).map(String).sort();
    expect(names).toEqual([
      'assets',
      ...['', '.br', '.gz'].map((ending) => `assets/index-Ab3_x-9Z.js${ending}`),
      ...['', '.br', '.gz'].map((ending) => `index.html${ending}`),
      ...['', '.br', '.gz'].map((ending) => `network.onnx${ending}`),
      'photo.jpg',
      'small.json',
    ]);
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
  ])('W13 a client that accepts %s receives %s', async (accepted, coding, decode) => {
    const { headers, body } = await request('network.onnx', { 'Accept-Encoding': accepted });
    expect(headers['content-encoding']).toBe(coding);
    expect(headers.vary).toBe('Accept-Encoding');
    expect(body.length).toBeLessThan(200);
    expect(decode(body).toString()).toBe(text);
  });

  it.each([{}, { 'Accept-Encoding': 'identity' }, { 'Accept-Encoding': 'br', Range: 'bytes=0-7' }])(
    'W13 other clients, and ranges, receive the file itself: %o',
    async (headers) => {
      const answer = await request('network.onnx', headers as Record<string, string>);
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.body.toString()).toBe('Range' in headers ? 'weights ' : text);
    },
  );

  it('W13 a file that has changed, or is not compressed any longer, keeps no copy of its former content', async () => {
    const changed = join(folder, 'changed');
    mkdirSync(changed);
    for (const name of ['page.html', 'sw.js']) writeFileSync(join(changed, name), text);
    await compressSite(changed, { cache: join(folder, 'cache') });
    writeFileSync(join(changed, 'page.html'), 'short');
    await compressSite(changed, { cache: join(folder, 'cache') });
    expect(readdirSync(changed).sort()).toEqual(['page.html', 'sw.js', 'sw.js.br', 'sw.js.gz']);
    removeCopies(changed);
    expect(readdirSync(changed).sort()).toEqual(['page.html', 'sw.js']);
  });

  it('W13 a copy has the type of its file, and all headers', async () => {
    const { headers } = await request('assets/index-Ab3_x-9Z.js', { 'Accept-Encoding': 'br' });
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    for (const [name, value] of Object.entries(HEADERS)) expect(headers[name.toLowerCase()]).toBe(value);
  });
});

describe('caching', () => {
  it.each([
    ['assets/index-Ab3_x-9Z.js', 'public, max-age=31536000, immutable'],
    ['network.onnx', 'no-cache'],
    ['', 'no-cache'],
  ])('W12 %s is sent with %s', async (name, value) => {
    expect((await request(name, {})).headers['cache-control']).toBe(value);
  });

  it('W12 an unchanged file is not transferred again', async () => {
    const { headers } = await request('network.onnx', { 'Accept-Encoding': 'br' });
    const again = await request('network.onnx', { 'Accept-Encoding': 'br', 'If-None-Match': String(headers.etag) });
    expect(again.body.length).toBe(0);
  });
});

it('reports the bytes of each answer, headers included', async () => {
  sent.length = 0;
  await request('network.onnx', { Connection: 'close' });
  await expect.poll(() => sent.length).toBe(1);
  expect(sent[0]).toMatchObject({ name: 'network.onnx', status: 200 });
  expect(sent[0]?.bytes).toBeGreaterThan(text.length + 500);
  expect(sent[0]?.bytes).toBeLessThan(text.length + 1500);
});

describe('settings of hosts', () => {
  it.each(Object.entries({ ...SITE_FILES, ...HOSTING_FILES }))(
    'HO1 %s has every header of the server',
    (_, content) => {
      const plain = content.replaceAll('\\"', '"');
      for (const [name, value] of Object.entries(HEADERS)) {
        expect(plain).toContain(name);
        expect(plain).toContain(value);
      }
      expect(plain).toContain('immutable');
    },
  );

  it.each(Object.entries(HOSTING_FILES))('HO1 hosting/%s is current (node tools/make-hosting.mjs)', (name, content) => {
    expect(readFileSync(join('hosting', name), 'utf8')).toBe(content);
  });

  it('HO1 the container copies the Caddyfile, and nothing that git ignores', () => {
    expect(readFileSync('hosting/Dockerfile', 'utf8')).toContain('COPY hosting/Caddyfile ');
    const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const left = lines('hosting/Dockerfile.dockerignore').map((line) => line.replace('**/', ''));
    const ignored = lines('.gitignore').map((line) => line.replace(/^\/|\/$/g, ''));
    expect(ignored.filter((name) => !left.includes(name))).toEqual([]);
  });
});

it('bench:start sums the bytes of scripts and orders files and stages', () => {
  const visit = (bytes: number, face: number) => ({
    stages: { face, script: 10 },
    sent: [
      { name: '', bytes: 2000 },
      { name: 'assets/a-12345678.js', bytes },
      { name: 'assets/b-12345678.js', bytes },
      { name: 'generated/wasm/ort-wasm-simd-threaded.wasm', bytes: 3_000_000 },
    ],
  });
  const report = [visit(500, 2000), visit(0, 1000)];
  expect(transferTable(report).split('\n').slice(2)).toEqual([
    '| generated/wasm/ort-wasm-simd-threaded.wasm | 3000.0 | 3000.0 |',
    '| index.html | 2.0 | 2.0 |',
    '| scripts and styles | 1.0 | 0.0 |',
    '| total | 3003.0 | 3002.0 |',
    '| requests | 4 | 4 |',
  ]);
  expect(stageTable(report).split('\n').slice(2)).toEqual(['| script | 10 | 10 |', '| face | 2000 | 1000 |']);
});
