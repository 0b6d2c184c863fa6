import { afterEach, describe, expect, it, vi } from 'vitest';
import { assetUrl } from '../../src/assets/asset-urls';
import { checkWasm } from '../../src/assets/check-wasm';
import { fetchAsset, findUnusable } from '../../src/assets/fetch-asset';

afterEach(() => vi.unstubAllGlobals());

function serve(answers: Readonly<Record<string, () => Response>>) {
  vi.stubGlobal('fetch', async (url: string) => {
    const answer = answers[url];
    if (!answer) throw new TypeError('Failed to fetch');
    return answer();
  });
}

const answer = (status: number, type: string) => () => new Response('x', { status, headers: { 'content-type': type } });
const ONNX = 'https://a.test/models/network.onnx';

describe('assets', () => {
  it('PK4 a file is below the folder, or where it is listed', () => {
    const assets = { folder: 'https://a.test/x/', files: { 'wasm/a.wasm': 'https://cdn.test/a-1.wasm' } };
    expect(assetUrl(assets, 'wasm/b.wasm')).toBe('https://a.test/x/wasm/b.wasm');
    expect(assetUrl(assets, 'wasm/a.wasm')).toBe('https://cdn.test/a-1.wasm');
    expect(assetUrl(assets, 'https://b.test/m/manifest.json')).toBe('https://b.test/m/manifest.json');
  });

  it.each([
    ['404', answer(404, 'text/plain'), `${ONNX}: HTTP 404, text/plain. Is the assets folder served there?`],
    [
      'a page instead of the file',
      answer(200, 'text/html; charset=utf-8'),
      `${ONNX}: got text/html instead of the file, HTTP 200. Is the assets folder served there?`,
    ],
  ])('PK5 %s: the error has address, status and content type', async (_, response, message) => {
    serve({ [ONNX]: response });
    await expect(fetchAsset(ONNX)).rejects.toMatchObject({ code: 'asset-unreachable', message });
  });

  it('PK5 a server that cannot be reached is named', async () => {
    serve({});
    await expect(fetchAsset(ONNX)).rejects.toThrow(`${ONNX}: Failed to fetch. Is the address right`);
  });

  it('PK5 of several files the first that is missing is reported; none if all are there', async () => {
    const names = ['a', 'b', 'c'].map((name) => `https://a.test/${name}.bin`);
    serve({ [names[0] ?? '']: answer(200, 'application/octet-stream'), [names[1] ?? '']: answer(404, 'text/plain') });
    expect((await findUnusable(names))?.message).toContain('b.bin: HTTP 404');
    expect(await findUnusable(names.slice(0, 1))).toBeUndefined();
  });

  it.each([
    ['x.wasm', 'application/wasm', 'not a WebAssembly module'],
    ['x.tflite', 'application/octet-stream', 'not a TensorFlow Lite model'],
    ['x.mjs', 'application/octet-stream', 'got application/octet-stream instead of text/javascript'],
  ])('PK5 a damaged file is an error with its address: %s', async (name, type, reason) => {
    const url = `https://app.test/${name}`;
    serve({ [url]: answer(200, type) });
    expect(await findUnusable([url])).toMatchObject({ code: 'asset-invalid' });
    expect((await findUnusable([url]))?.message).toContain(`${url}: ${reason}`);
  });

  it('PK5 complete files are not reported', async () => {
    const file = (body: BodyInit, type: string) => () => new Response(body, { headers: { 'content-type': type } });
    const contents = {
      'https://a.test/a.wasm': file(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'application/wasm'),
      'https://a.test/a.tflite': file('....TFL3....', 'application/octet-stream'),
      'https://a.test/a.mjs': file('', 'text/javascript; charset=utf-8'),
    };
    serve(contents);
    expect(await findUnusable(Object.keys(contents))).toBeUndefined();
  });

  it('PK6 WebAssembly that the page blocks is an error with the remedy', () => {
    const blocked = {
      Module: class {
        constructor() {
          throw new Error('Refused to compile');
        }
      },
    };
    expect(() => checkWasm()).not.toThrow();
    vi.stubGlobal('WebAssembly', blocked);
    expect(() => checkWasm()).toThrow("'wasm-unsafe-eval'");
  });
});
