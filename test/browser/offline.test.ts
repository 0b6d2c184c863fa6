import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIST } from '../../tools/lib/build.mjs';
import { closePages, openBrowser, waitForData } from './harness';
import { type PlainHost, servePlain } from './plain-host';

const built = (name: string) => readFileSync(join(DIST, name), 'utf8');
const hash = (text: string) => createHash('sha256').update(text).digest('base64');

let browser: Browser;
let host: PlainHost;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  host = await servePlain(DIST, '/some/path/');
  context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  page = await context.newPage();
});

afterAll(async () => {
  await closePages(browser);
  await host.close();
});

/** Opens the page and waits until it tracks. */
async function visit(query = ''): Promise<void> {
  await page.goto(`${host.url}${query}`);
  await waitForData(page, { frames: 2, state: 'running', faces: '1' });
}

const isStored = () =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated');

/** Puts another version onto the host: the page has another title. */
function changeVersion(title: string): void {
  const first = built('index.html');
  const second = first.replace('<title>', `<title>${title} `);
  host.changed.set('index.html', second);
  host.changed.set(
    'sw.js',
    built('sw.js')
      .replace(hash(first), hash(second))
      .replace(/"id":"\w+"/, `"id":"${title}"`),
  );
}

describe('without a network', () => {
  it('SW2 the page is stored on the first visit; a simple host gives it all headers on the second', async () => {
    await visit();
    await expect.poll(isStored, { timeout: 100_000 }).toBe(true);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    host.sent.length = 0;
    await visit();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(host.sent.filter((name) => name !== 'sw.js')).toEqual([]);
  });

  it('SW6 parts of stored files can be read', async () => {
    const part = await page.evaluate(async () => {
      const answer = await fetch('generated/sample.mp4', { headers: { Range: 'bytes=4-7' } });
      return [answer.status, await answer.text()];
    });
    expect(part).toEqual([206, 'ftyp']);
  });

  it('SW3 a version with a missing or different file is not used', async () => {
    changeVersion('Broken');
    host.changed.set('index.html', 'half a version');
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      const found = new Promise((done) => registration?.addEventListener('updatefound', done));
      await registration?.update();
      await found;
      const worker = registration?.installing;
      if (!worker) return;
      await new Promise<void>((done) =>
        worker.addEventListener('statechange', () => worker.state === 'redundant' && done()),
      );
    });
    await visit();
    expect(await page.title()).not.toContain('half');
    expect(await page.getByText('A new version is ready.').count()).toBe(0);
  });

  it('SW9 announces a new version, and uses it after a click', async () => {
    changeVersion('Second');
    await visit();
    expect(await page.title()).not.toContain('Second');
    await page.getByText('A new version is ready.').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.waitForFunction(() => document.title.startsWith('Second'));
    await waitForData(page, { frames: 2, state: 'running', faces: '1' });
  });

  it('OF11 opens a file that another app shares', async () => {
    await visit();
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(64, 48);
      canvas.getContext('2d')?.fillRect(0, 0, 64, 48);
      const form = new FormData();
      form.set('file', new File([await canvas.convertToBlob()], 'shared picture.png', { type: 'image/png' }));
      await fetch('share', { method: 'POST', body: form, redirect: 'manual' });
    });
    await page.goto('about:blank');
    await page.goto(`${host.url}#shared`);
    await page.locator('#source-name', { hasText: 'shared picture.png' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
  });

  it('SW2 tracks without a network, with filters and an avatar', async () => {
    await host.close();
    await visit('?source=sample&filter=glasses,half-mask');
    await waitForData(page, { filters: 'glasses,half-mask' });
    await visit('?source=sample&look=avatar');
    await waitForData(page, { avatar: 'Character' });
  });

  it('OF10 the panel shows what is stored, and deletes it', async () => {
    await page.locator('summary', { hasText: 'Stored data' }).click();
    await page.getByText('Without a network: available.').waitFor();
    await page.getByText(/Used: \d+\.\d MB/).waitFor();
    await page.getByRole('button', { name: 'Delete stored data' }).click();
    await page.getByText('Everything that was stored is deleted.').waitFor();
    expect(await page.evaluate(() => caches.keys())).toEqual([]);
    await page.getByText('Without a network: not available.').waitFor();
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  });
});

it('OF12 the page can be installed: name, icons, and files that it opens', () => {
  const manifest = JSON.parse(built('manifest.webmanifest'));
  expect(built('index.html')).toContain('href="./manifest.webmanifest"');
  for (const { src, sizes } of manifest.icons) {
    const side = readFileSync(join(DIST, src)).readUInt32BE(16);
    expect(`${side}x${side}`).toBe(sizes);
  }
  expect(manifest).toMatchObject({ display: 'standalone', start_url: './', scope: './' });
  expect(manifest.share_target.action).toBe('./share');
});
