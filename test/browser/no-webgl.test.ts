import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, openBrowser, openWatched, waitForData } from './harness';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe('a browser without WebGL', () => {
  it('EN8 tracks, says that it cannot draw in 3D, and draws landmarks on the picture in 2D', async () => {
    const { page, complaints } = await openWatched(browser);
    await page.addInitScript(() => {
      const open = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function getContext(this: HTMLCanvasElement, ...args: [string]) {
        return args[0].startsWith('webgl') ? null : open.apply(this, args as never);
      } as typeof open;
    });
    await page.goto(appUrl({ provider: 'wasm', detector: 'onnx' }));
    await waitForData(page, { frames: 3, faces: '1', state: 'running', engine: '2d', error: '' });
    const [warnings = ''] = await page.locator('#warnings').allInnerTexts();
    expect(warnings).toContain('cannot draw in 3D');
    expect(warnings).toContain('hardware acceleration');
    const { data } = PNG.sync.read(await page.locator('#stage').screenshot({ path: '.cache/no-webgl.png' }));
    let points = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
      if (green > 200 && red < 150 && blue > 160) points += 1;
    }
    expect(points).toBeGreaterThan(400);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
