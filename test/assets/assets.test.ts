import { afterEach, describe, expect, it, vi } from 'vitest';
import { assetUrl } from '../../src/assets/asset-urls';
import { checkWasm } from '../../src/assets/check-wasm';
import { fetchAsset, findMissing } from '../../src/assets/fetch-asset';

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
  it('K4 a file is below the folder, or where it is listed', () => {
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
  ])('K5 %s: the error has address, status and content type', async (_, response, message) => {
    serve({ [ONNX]: response });
    await expect(fetchAsset(ONNX)).rejects.toMatchObject({ code: 'asset-unreachable', message });
  });

  it('K5 a server that cannot be reached is named', async () => {
    serve({});
    await expect(fetchAsset(ONNX)).rejects.toThrow(`${ONNX}: Failed to fetch. Is the address right`);
  });

  it('K5 of several files the first that is missing is reported; none if all are there', async () => {
    serve({ a: answer(200, 'application/wasm'), b: answer(404, 'text/plain') });
    expect((await findMissing(['a', 'b', 'c']))?.message).toContain('b: HTTP 404');
    expect(await findMissing(['a'])).toBeUndefined();
  });

  it('K6 WebAssembly that the page blocks is an error with the remedy', () => {
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
