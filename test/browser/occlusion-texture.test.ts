import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openBrowser, openWatched } from './harness';
import type {} from './occlusion-texture-double';
import { readDouble } from './read-double';

let browser: Browser;
let page: Page;
/** What drawOcclusion takes from the frame, 0 to 255 per pixel. */
let drawn: number[];

beforeAll(async () => {
  browser = await openBrowser();
  page = (await openWatched(browser)).page;
  const address = `${inject('origin')}/occlusion-texture-double`;
  const body =
    '<!doctype html><meta charset="utf-8"><script type="module" src="/occlusion-texture-double.js"></script>';
  const code = readDouble('occlusion-texture-double');
  await page.route(`${address}.html`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.route(`${address}.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: code }));
  await page.goto(`${address}.html`);
  await page.waitForFunction(() => window.occlusionDouble);
  drawn = (await page.evaluate(() => window.occlusionDouble?.drawn())) ?? [];
});
afterAll(() => browser?.close());

/** The largest difference to what drawOcclusion draws. */
function mostOff(alpha: readonly number[]): number {
  return alpha.reduce((most, value, i) => Math.max(most, Math.abs(value - (drawn[i] ?? Number.NaN))), 0);
}

describe('occlusion for other engines', () => {
  it('PK20 drawOcclusion draws the frame where the mask has an occluder, and nowhere else', () => {
    const area = drawn.filter((value) => value > 127).length;
    // A disc with a radius of 20 of 96 cells, on a crop with a side of 220 pixels.
    const disc = Math.PI * ((20 * 220) / 96) ** 2;
    expect(drawn).toHaveLength(512 * 384);
    expect(area / disc).toBeGreaterThan(0.95);
    expect(area / disc).toBeLessThan(1.05);
    expect(drawn.filter((value) => value > 2).length / disc).toBeLessThan(1.2);
  });

  it('PK20 the texture of WebGL has the same mask, from the top, and the state of the context is kept', async () => {
    const seen = await page.evaluate(() => window.occlusionDouble?.webgl());
    expect(seen?.state).toEqual([true, true, true, true, true, true]);
    expect(mostOff(seen?.alpha ?? [Number.NaN])).toBeLessThanOrEqual(2);
  });

  it('PK20 the texture of WebGPU has the same mask, from the top', async () => {
    const seen = await page.evaluate(() => window.occlusionDouble?.webgpu());
    expect(seen?.state).toEqual([true]);
    expect(mostOff(seen?.alpha ?? [Number.NaN])).toBeLessThanOrEqual(2);
  });
});
