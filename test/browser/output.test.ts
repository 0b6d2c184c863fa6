import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOutputs } from '../../tools/lib/outputs.mjs';
import { serve } from '../../tools/lib/serve.mjs';
import { VtsServer } from '../output/vts-server';
import { appUrl, openBrowser, waitForData } from './harness';

let browser: Browser;
let vts: VtsServer;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  browser = await openBrowser();
  vts = await VtsServer.open();
  server = await serve(openOutputs({ vts: `127.0.0.1:${vts.port}` }));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await vts?.close();
});

describe('live output', { timeout: 300_000 }, () => {
  it('VT7 sends the face to VTube Studio when it is switched on, and shows that it does', async () => {
    // A watched page may ask one origin only, and this server is another one.
    const page = await (await browser.newContext()).newPage();
    const { search } = new URL(appUrl({ engine: 'webgl', provider: 'wasm', clean: '0' }));
    await page.goto(`${server.origin}/${search}`);
    await waitForData(page, { frames: 2, faces: '1' });
    expect(vts.injected).toEqual([]);
    await page.locator('summary', { hasText: 'Live output' }).click();
    await page.getByRole('checkbox', { name: 'Send to VTube Studio' }).check();
    await waitForData(page, { output: 'connected' });
    await expect.poll(() => vts.injected.length, { timeout: 60_000 }).toBeGreaterThan(2);
    expect(vts.injected.some(({ faceFound }) => faceFound)).toBe(true);
    expect(vts.created.size).toBe(58);
    await page.getByText('are sent to other programs').waitFor();
    await page.getByRole('checkbox', { name: 'Send to VTube Studio' }).uncheck();
    await page.getByText('No pictures or measurements leave it.').waitFor();
    const count = vts.injected.length;
    await waitForData(page, { frames: 4 });
    expect(vts.injected.length).toBeLessThanOrEqual(count + 1);
  });
});
