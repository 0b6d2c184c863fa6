import { existsSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { staysHome } from './checks';
import { appUrl, closePages, openBrowser, openWatched, pageData, waitForData } from './harness';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(() => closePages(browser));
afterAll(() => browser?.close());

describe('privacy', () => {
  it('Y1 nothing leaves the page: every other origin is denied and nobody asked; an attempt would be seen', async () => {
    const watched = await openWatched(browser);
    const { page } = watched;
    await page.goto(
      appUrl({ source: 'sample', provider: 'wasm', engine: 'webgl', look: 'face', overlays: 'mask,points' }),
    );
    await waitForData(page, { frames: 10, faces: '1', engine: 'webgl2' });
    expect(staysHome(watched)).toBeNull();

    await page.evaluate(() => fetch('https://example.com/x').catch(() => undefined));
    await page.evaluate(() => {
      new Image().src = 'https://example.com/y.png';
    });
    await expect.poll(() => staysHome(watched)).toContain('example.com');
  });

  it('Y2 the page is isolated and may not evaluate text', async () => {
    const { page } = await openWatched(browser);
    const response = await page.goto(appUrl({ source: 'file' }));
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const tried = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.documentElement.dataset.injected = "yes"';
      document.head.append(script);
      return document.documentElement.dataset.injected ?? 'no';
    });
    expect(tried).toBe('no');
  });

  it('Y3 a bundle with one byte changed is refused on the page, with the reason', async () => {
    const { page, context } = await openWatched(browser);
    const path = `public/models/${inject('bundle')}/face-model.bin`;
    expect(existsSync(path)).toBe(true);
    const bytes = readFileSync(path);
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
    await context.route('**/face-model.bin', (route) =>
      route.fulfill({ body: bytes, headers: { 'Cross-Origin-Resource-Policy': 'same-origin' } }),
    );
    await page.goto(appUrl({ source: 'sample', provider: 'wasm', engine: 'webgl' }));
    await waitForData(page, { state: 'error' });
    expect((await pageData(page)).error).toBe('BundleError');
    await expect.poll(() => page.locator('#error-text').textContent()).toMatch(/face-model\.bin.*SHA-256/);
  });
});
