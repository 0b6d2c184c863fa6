import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, openBrowser, openWatched, waitForData } from './harness';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is read of axe's results. */
interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  ({ page } = await openWatched(browser, []));
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.goto(appUrl({ engine: 'webgl', provider: 'wasm', look: 'none', clean: '0' }));
  await waitForData(page, { frames: 2, state: 'running' });
  await page.keyboard.press('Space');
  await waitForData(page, { state: 'paused' });
  await page.evaluate(AXE);
});
afterAll(() => browser?.close());

/** Violations of axe's rules on the page as it is, as `rule: element`. */
function violations(): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations: found } = await axe.run();
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  });
}

async function setPanels(open: boolean): Promise<void> {
  await page.evaluate((shown) => {
    for (const details of document.querySelectorAll('details')) details.open = shown;
  }, open);
}

async function setScheme(colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // Colours change in a transition.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
}

describe.each(['dark', 'light'] as const)('accessibility of the %s theme', { timeout: 180_000 }, (scheme) => {
  beforeAll(() => setScheme(scheme));

  it.each([true, false])('A17 axe finds no violation with all panels open: %s', async (open) => {
    await setPanels(open);
    expect(await violations()).toEqual([]);
  });

  it('A17 nor with the studio, the plot, an error and a warning', async () => {
    await setPanels(true);
    await page.locator('[name=place][value=studio]').check({ force: true });
    await page.getByLabel('Plot before and after smoothing').check();
    await page.setInputFiles('#file', { name: 'a.pmx', mimeType: '', buffer: Buffer.from('PMX ') });
    await page.locator('#error-close').waitFor();
    await page.setInputFiles('#file', { name: 'a.glb', mimeType: '', buffer: Buffer.from('glTF cut off') });
    await page.locator('#warnings li').waitFor();
    await page.setInputFiles('#file', { name: 'a.fbx', mimeType: '', buffer: Buffer.from('Kaydara FBX Binary') });
    await page.locator('#error', { hasText: 'a.fbx' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.locator('#warnings .close').click();
    await page.locator('#error-close').click();
    await page.locator('[name=place][value=over]').check({ force: true });
  });

  it('A17 nor with the help', async () => {
    await page.keyboard.press('?');
    await page.locator('#help[open]').waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('#help').waitFor({ state: 'hidden' });
  });
});

describe('page', { timeout: 120_000 }, () => {
  it('A17 no element comes before the others in the order of the Tab key', async () => {
    const ahead = await page.evaluate(
      () => [...document.querySelectorAll<HTMLElement>('*')].filter((e) => e.tabIndex > 0).length,
    );
    expect(ahead).toBe(0);
  });

  it('A17 the name of the pause button is its action', async () => {
    const pause = page.locator('#pause');
    expect(await pause.getAttribute('aria-label')).toBe('Play');
    await pause.click();
    await waitForData(page, { state: 'running' });
    expect([await pause.getAttribute('aria-label'), await pause.getAttribute('aria-pressed')]).toEqual(['Pause', null]);
    await pause.click();
  });

  it('A17 forced colours: switches, chips and buttons that are on differ from those that are off', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    const background = (selector: string) =>
      page.locator(selector).evaluate((element) => getComputedStyle(element).backgroundColor);
    const pairs = [
      ['[data-setting=occlusion]', '[data-setting=mirror]'],
      ['[name=look][value=none] + span', '[name=look][value=face] + span'],
      ['[name=place][value=over] + span', '[name=place][value=studio] + span'],
      ['#source-sample', '#source-cam'],
    ] as const;
    for (const [on, off] of pairs) {
      await expect
        .poll(async () => (await background(on)) !== (await background(off)), { message: on, timeout: 10_000 })
        .toBe(true);
    }
    await page.emulateMedia({ forcedColors: 'none' });
  });

  it.each([
    [360, 640],
    [390, 844],
    [1400, 900],
    [3840, 2160],
  ])(
    'A17 at %d × %d px nothing covers the picture’s lower edge, and no control leaves the window',
    async (width, height) => {
      await page.setViewportSize({ width, height });
      const layout = () =>
        page.evaluate(() => {
          const bottom = document.querySelector('#stage')?.getBoundingClientRect().bottom ?? 0;
          const dock = document.querySelector('.dock')?.getBoundingClientRect();
          const player = document.querySelector('#player')?.getBoundingClientRect();
          const wide = [...document.querySelectorAll('button, input, select, summary')]
            .map((element) => element.getBoundingClientRect())
            .filter(({ left, right, width: side }) => side > 1 && (left < 0 || right > innerWidth));
          const top = Math.min(dock?.top ?? -1, player?.top ?? -1);
          return { covered: top < bottom, outside: (dock?.left ?? -1) < 0, wide: wide.length };
        });
      await expect.poll(layout, { timeout: 10_000 }).toEqual({ covered: false, outside: false, wide: 0 });
    },
  );

  it('A17 text grows on a 4K screen', async () => {
    const size = () =>
      page.evaluate(() =>
        Number.parseFloat(getComputedStyle(document.querySelector('.switch') ?? document.body).fontSize),
      );
    await page.setViewportSize({ width: 1400, height: 900 });
    const usual = await size();
    await page.setViewportSize({ width: 3840, height: 2160 });
    expect((await size()) / usual).toBeGreaterThan(1.5);
  });
});
