import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaceEvent } from '../../src/index';
import { appUrl, openBrowser, openWatched, pageData, type Watched, waitForData } from './harness';

const QUERY = { engine: 'webgl', provider: 'wasm', clean: '0' } as const;

let browser: Browser;
let watched: Watched;
let page: Page;
const scripts: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  watched = await openWatched(browser, []);
  page = watched.page;
  await page.emulateMedia({ colorScheme: 'dark' });
  page.on('request', (request) => scripts.push(request.url()));
  await page.goto(appUrl(QUERY));
  await waitForData(page, { frames: 2, faces: '1' });
});
afterAll(() => browser?.close());

/** Runs in the page: whether the value of the eyes' slider is stored. */
function isStored(): Promise<boolean> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('keyval-store');
    opening.onsuccess = () => {
      const asking = opening.result.transaction('keyval').objectStore('keyval').get('peekaboo-settings');
      asking.onsuccess = () => {
        resolve(asking.result?.smoothing?.eyes === 0.6);
        opening.result.close();
      };
    };
  });
}

async function openSection(title: string): Promise<void> {
  const section = page.locator('details', { has: page.locator('h2', { hasText: title }) });
  if ((await section.getAttribute('open')) === null) await section.locator('summary').click();
}

describe('panel', () => {
  it('A10 a slider leaves the preset; the settings are stored, and a link contains them', async () => {
    await openSection('Smoothing');
    const balanced = page.getByRole('button', { name: 'Balanced' });
    expect(await balanced.getAttribute('aria-pressed')).toBe('true');
    await page.getByLabel('Jaw').fill('0.9');
    expect(await balanced.getAttribute('aria-pressed')).toBe('false');
    await page.getByRole('button', { name: 'Quick' }).click();
    await page.getByLabel('Eyes').fill('0.6');
    await page.getByRole('button', { name: 'Copy link' }).click();
    // Without the right to write to the clipboard the link is shown.
    await page.waitForFunction(() => document.querySelector('.link')?.textContent !== '');
    const said = (await page.locator('.link').textContent()) ?? '';
    if (said !== 'Link copied.') expect(new URL(said).searchParams.get('smoothing')).toContain('eyes:0.6');
    await expect.poll(() => page.evaluate(isStored), { timeout: 5000 }).toBe(true);
    await page.reload();
    await waitForData(page, { frames: 2, faces: '1' });
    await openSection('Smoothing');
    expect(await page.getByLabel('Eyes').inputValue()).toBe('0.6');
    expect(await page.getByLabel('Jaw').inputValue()).toBe('0.8');
  });

  it('A11 the plot is loaded when it is switched on, draws both curves, and is removed when it is switched off', async () => {
    expect(scripts.filter((url) => /\/plot-/.test(url))).toEqual([]);
    await openSection('Smoothing');
    const toggle = page.getByLabel('Plot before and after smoothing');
    await toggle.check();
    await page.locator('.plot canvas').waitFor();
    expect(scripts.filter((url) => /\/plot-/.test(url))).not.toEqual([]);
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return false;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const pixels = Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i, 4 * i + 3));
      // The curve after smoothing is mint, green with little red; the curve before is coral, red with little blue.
      const isMint = ([red = 255, green = 0]: Uint8ClampedArray) => green > 180 && red < 130;
      const isCoral = ([red = 0, green = 255, blue = 255]: Uint8ClampedArray) => red > 140 && green < 140 && blue < 110;
      return pixels.some(isMint) && pixels.some(isCoral);
    });
    await toggle.uncheck();
    expect(await page.locator('.plot canvas').count()).toBe(0);
  });

  it('E4 the page lists that a face was found, and saves it', async () => {
    await page.locator('.event-lines li', { hasText: 'Face found' }).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as JSON' }).first().click(),
    ]);
    const parts: Uint8Array[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Uint8Array);
    const [first] = JSON.parse(Buffer.concat(parts).toString()) as FaceEvent[];
    expect(first).toMatchObject({ kind: 'face-found', phase: 'start', region: 'face', id: 0 });
  });

  it('RF4: the countdown is shown over the picture and can be stopped by its key', async () => {
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press('n');
    await page.locator('.countdown strong', { hasText: '3' }).waitFor();
    await page.keyboard.press('n');
    await page.locator('.countdown').waitFor({ state: 'hidden' });
    expect(watched.asked).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it('A18 deletes everything that is stored, and stores nothing until the next change', async () => {
    const stored = () =>
      page.evaluate(
        () =>
          new Promise<IDBValidKey[]>((resolve) => {
            const opening = indexedDB.open('keyval-store');
            opening.onsuccess = () => {
              const keys = opening.result.transaction('keyval').objectStore('keyval').getAllKeys();
              keys.onsuccess = () => {
                resolve(keys.result);
                opening.result.close();
              };
            };
          }),
      );
    expect(await stored()).toContain('peekaboo-settings');
    await openSection('Stored data');
    await page.getByRole('button', { name: 'Delete stored data' }).click();
    await page.getByText('Everything that was stored is deleted.').waitFor();
    expect(await stored()).toEqual([]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    await page.locator('[data-setting=mirror]').click();
    await expect.poll(stored, { timeout: 5000 }).toEqual(['peekaboo-settings']);
  });

  it('A13 the weights change while the session runs, and by the query string', async () => {
    const weights = page.getByLabel('Weights');
    await openSection('Input');
    expect(await weights.inputValue()).toBe('peekaboo');
    await expect.poll(() => page.locator('#faces-unit').textContent()).toBe('face');
    const loaded = page.waitForResponse((response) => response.url().endsWith('models/peekaboo-open/network.onnx'));
    await weights.selectOption({ label: 'Open (MIT)' });
    expect((await loaded).ok()).toBe(true);
    const goesOn = async () => {
      const { frames } = await pageData(page);
      await waitForData(page, { frames: Number(frames) + 3, faces: '1', state: 'running', error: '' });
    };
    await goesOn();
    await weights.selectOption({ label: 'Best (research, private use)' });
    await goesOn();
    await page.goto(appUrl({ ...QUERY, bundle: 'own-weights' }));
    await waitForData(page, { error: 'BundleError' });
    expect(await weights.inputValue()).toBe('own-weights');
  });
});
