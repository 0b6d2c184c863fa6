import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../../tools/lib/chromium.mjs';
import { serve } from '../../tools/lib/serve.mjs';

const PAGE = '<!doctype html><meta charset="utf-8"><title>test</title><script type="module" src="/load.mjs"></script>';
/** In a file: test runners replace `import()` in functions. */
const SCRIPT = `window.load = async (address, options) => {
  const { createTracker } = await import(address);
  try {
    const tracker = await createTracker({ provider: 'wasm', ...options });
    const { provider } = tracker;
    await tracker.close();
    return { provider };
  } catch ({ code, message }) {
    return { code, message };
  }
};`;

let folder: string;
let browser: Browser;
/** Folders of the page and of the assets. */
let site: string;
let assets: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-loading-'));
  execFileSync('tar', ['-xzf', inject('tarball'), '-C', folder]);
  assets = join(folder, 'package/lib/assets');
  site = join(folder, 'site');
  execFileSync('mkdir', [site]);
  writeFileSync(join(site, 'index.html'), PAGE);
  writeFileSync(join(site, 'load.mjs'), SCRIPT);
  browser = await launchChromium({ gpu: false });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code?: string;
  readonly message?: string;
  readonly provider?: string;
}

/** Opens a tracker in the page of a server, with the package of the address `script`. */
async function load(page: string, script: string, options: object): Promise<Outcome> {
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    await tab.goto(page);
    await tab.waitForFunction(() => 'load' in window);
    return await tab.evaluate(([address, given]) => Reflect.get(window, 'load')(address, given) as Promise<Outcome>, [
      script,
      options,
    ] as const);
  } finally {
    await context.close();
  }
}

describe('loading the packed package', () => {
  it('PK7 from another origin, which allows it by CORS', async () => {
    const page = await serve({ folders: [site], headers: {} });
    const cdn = await serve({ folders: [assets], headers: { 'Access-Control-Allow-Origin': '*' } });
    try {
      expect(await load(page.origin, `${cdn.origin}/peekaboo-face.mjs`, {})).toEqual({ provider: 'wasm' });
    } finally {
      await Promise.all([page.close(), cdn.close()]);
    }
  });

  it('PK6 where the policy blocks WebAssembly, the error has the remedy', async () => {
    const headers = { 'Content-Security-Policy': "script-src 'self'; worker-src 'self'" };
    const page = await serve({ folders: [site, assets], headers });
    try {
      const { code, message } = await load(page.origin, '/peekaboo-face.mjs', {});
      expect(code).toBe('wasm-blocked');
      expect(message).toContain("'wasm-unsafe-eval'");
    } finally {
      await page.close();
    }
  });

  it('PK5 PK8 files that are missing, or answered by a page, are named', async () => {
    const html = join(site, 'index.html');
    const wasm = 'wasm/ort-wasm-simd-threaded.wasm';
    // A server of a single-page app, and one that lacks a WebAssembly file.
    const files = new Map([
      ['spa/worker.mjs', html],
      ['weights/manifest.json', html],
      [wasm, html],
    ]);
    const complete = await serve({ folders: [site, assets], headers: {}, files: new Map([...files].slice(0, 2)) });
    const lacking = await serve({ folders: [site, assets], headers: {}, files });
    try {
      const script = '/peekaboo-face.mjs';
      const worker = await load(complete.origin, script, { assets: '/spa/' });
      expect(worker.code).toBe('worker-blocked');
      expect(worker.message).toContain(
        `${complete.origin}/spa/worker.mjs: got text/html instead of the file, HTTP 200`,
      );
      const none = await load(complete.origin, script, { workerUrl: '/none.mjs' });
      expect(none.message).toContain(`${complete.origin}/none.mjs: HTTP 404, text/plain`);
      const weights = await load(complete.origin, script, { bundle: '/weights/' });
      expect(weights.code).toBe('asset-unreachable');
      expect(weights.message).toContain('/weights/manifest.json: got text/html');
      const binary = await load(lacking.origin, script, {});
      expect(binary.code).toBe('asset-unreachable');
      expect(binary.message).toContain(`${lacking.origin}/${wasm}: got text/html`);
    } finally {
      await Promise.all([complete.close(), lacking.close()]);
    }
  });
});
