import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, openBrowser, openWatched, pageData, type Watched, waitForData } from './harness';

/** Longer than a slow software renderer needs for one frame. */
const PATIENCE = { timeout: 60_000 } as const;

let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  watched = await openWatched(browser, []);
  page = watched.page;
  await page.goto(appUrl({ engine: 'webgl', provider: 'wasm', clean: '0' }));
  await waitForData(page, { frames: 2, faces: '1' });
});
afterAll(() => browser?.close());

async function expectInPage<T>(read: () => T, expected: T): Promise<void> {
  await expect.poll(() => page.evaluate(read), PATIENCE).toBe(expected);
}

const isChecked = (selector: string) => page.locator(selector).isChecked();
const expectChecked = (selector: string, expected: boolean) =>
  expect.poll(() => isChecked(selector), PATIENCE).toBe(expected);

/** The control that each key toggles. */
const TOGGLES: Readonly<Record<string, string>> = {
  m: '[data-setting=mirror]',
  o: '[data-setting=occlusion]',
  t: '[name=place][value=studio]',
  1: '[data-overlay=mask]',
  2: '[data-overlay=crop]',
  3: '[data-overlay=points]',
  4: '[data-overlay=axes]',
};

/** Tested in player.test.ts. */
const PLAYER = [',', '.', '←', '→', '[', ']', 'L', '<', '>'];

/** The keys of this file, as the help lists them. */
const TESTED = [
  'Space',
  ...PLAYER,
  'M',
  'O',
  'W',
  'A',
  'T',
  'B',
  'G',
  'N',
  'P',
  'R',
  'D',
  'K',
  'F',
  'H',
  '1',
  '2',
  '3',
  '4',
  '?',
];

describe('keyboard shortcuts', { timeout: 180_000 }, () => {
  it('A14 the help lists exactly the keys that are tested here', async () => {
    expect(await page.locator('#keys dt').allTextContents()).toEqual(TESTED);
  });

  it.each(Object.entries(TOGGLES))('A14 %s toggles %s', async (key, selector) => {
    const before = await isChecked(selector);
    await page.keyboard.press(key);
    await expectChecked(selector, !before);
    await page.keyboard.press(key);
    await expectChecked(selector, before);
  });

  it('A14 D starts the countdown of a recording and cancels it; K marks a recording only', async () => {
    await page.keyboard.press('k');
    await page.keyboard.press('d');
    await waitForData(page, { recording: 'countdown' });
    await page.keyboard.press('d');
    await waitForData(page, { recording: 'idle' });
  });

  it('A14 Space pauses and continues', async () => {
    await page.keyboard.press('Space');
    await waitForData(page, { state: 'paused' });
    await page.keyboard.press('Space');
    await waitForData(page, { state: 'running' });
  });

  it('A14 W switches between wireframe and face, A between avatar and face', async () => {
    const look = () => page.locator('[data-setting=look]:checked').inputValue();
    expect(await look()).toBe('wireframe');
    for (const [key, expected] of [
      ['w', 'face'],
      ['w', 'wireframe'],
      ['a', 'avatar'],
      ['a', 'face'],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(look, PATIENCE).toBe(expected);
    }
    await waitForData(page, { avatar: 'Character' });
  });

  it('A14 B goes through the studio backgrounds', async () => {
    for (const expected of ['blur', 'transparent', 'colour']) {
      await page.keyboard.press('b');
      await expectChecked(`[name=backdrop][value=${expected}]`, true);
      await expectChecked('[name=place][value=studio]', true);
    }
    await page.keyboard.press('t');
    await expectChecked('[name=place][value=over]', true);
  });

  it('A14 G switches to the next filter', async () => {
    const filters = page.locator('.filters input');
    await page.keyboard.press('g');
    await expect.poll(() => filters.first().isChecked(), PATIENCE).toBe(true);
    await page.keyboard.press('g');
    await expect.poll(() => filters.nth(1).isChecked(), PATIENCE).toBe(true);
    expect(await filters.first().isChecked()).toBe(false);
    await filters.nth(1).uncheck({ force: true });
  });

  it('A14 N starts and stops setting the resting face', async () => {
    await page.keyboard.press('n');
    await page.locator('.countdown strong').waitFor();
    await page.keyboard.press('n');
    await page.locator('.countdown').waitFor({ state: 'hidden' });
  });

  it('A14 P takes a photo, R starts and stops a recording', async () => {
    const photo = page.waitForEvent('download', PATIENCE);
    await page.keyboard.press('p');
    expect((await photo).suggestedFilename()).toMatch(/\.png$/);
    const video = page.waitForEvent('download', PATIENCE);
    await page.keyboard.press('r');
    await waitForData(page, { take: 'recording' });
    const { frames } = await pageData(page);
    await waitForData(page, { frames: Number(frames) + 2 });
    await page.keyboard.press('r');
    expect((await video).suggestedFilename()).toMatch(/\.(mp4|webm)$/);
  });

  it('A14 F switches full screen on and off', async () => {
    await page.keyboard.press('f');
    await expectInPage(() => document.fullscreenElement?.id, 'stage-area');
    await page.keyboard.press('f');
    await expectInPage(() => document.fullscreenElement?.id, undefined);
  });

  it('A14 H shows only the picture', async () => {
    await page.keyboard.press('h');
    await expectInPage(() => document.body.classList.contains('clean'), true);
    await page.keyboard.press('h');
    await expectInPage(() => document.body.classList.contains('clean'), false);
  });

  it.each(['Shift+Slash', '?'])('A14 %s opens the help', async (press) => {
    await page.keyboard.press(press);
    await page.locator('#help[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#help').waitFor({ state: 'hidden' });
  });

  it('A14 keys do nothing with Control, and while the help or a list has the focus', async () => {
    const mirror = '[data-setting=mirror]';
    const before = await isChecked(mirror);
    await page.keyboard.press('Control+m');
    await page.keyboard.press('?');
    await page.locator('#help[open]').waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('Escape');
    await page.locator('#help').waitFor({ state: 'hidden' });
    await page.locator('summary', { hasText: 'Input' }).click();
    await page.locator('[data-setting=resolution]').focus();
    await page.keyboard.press('m');
    expect(await isChecked(mirror)).toBe(before);
    expect(watched.asked).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});
