import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIST } from '../../tools/lib/build.mjs';
import { closePages, openBrowser, waitForData } from './harness';
import { servePlain } from './plain-host';

let browser: Browser;
let host: Awaited<ReturnType<typeof servePlain>>;

beforeAll(async () => {
  browser = await openBrowser();
  host = await servePlain(DIST, '/some/path/');
});

afterAll(async () => {
  await closePages(browser);
  await host.close();
});

describe('a static host', () => {
  it('HO2 tracks the sample clip below a path, without any header', async () => {
    const page = await (await browser.newContext()).newPage();
    const failures: string[] = [];
    page.on('response', (response) => void (response.status() >= 400 && failures.push(response.url())));
    await page.goto(`${host.url}?source=sample&filter=glasses`);
    await waitForData(page, { frames: 3, state: 'running', faces: '1', filters: 'glasses' });
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(failures).toEqual([]);
  });

  it('HO2 pages of the build have relative addresses only', () => {
    const page = readFileSync(join(DIST, 'index.html'), 'utf8');
    const addresses = [...page.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((address) => !address?.startsWith('./'))).toEqual([]);
  });
});
