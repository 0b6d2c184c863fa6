import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { appUrl, closePages, openBrowser, openWatched, pageData, waitForData } from './harness';

/** Longer than a slow software renderer needs for some frames. */
const PATIENCE = { timeout: 60_000 } as const;
const SETTINGS = { engine: 'webgl', provider: 'wasm', clean: '0' };
/** Seconds between two frames of the sample clip. */
const FRAME = 0.04;

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => closePages(browser));

const clipTime = async (page: Page) => Number((await pageData(page)).clipTime);
const address = (page: Page) => new URL(page.url()).searchParams;

function expectTime(page: Page, time: number, tolerance = 0.001): Promise<void> {
  return expect.poll(async () => Math.abs((await clipTime(page)) - time), PATIENCE).toBeLessThan(tolerance);
}

describe('player', { timeout: 240_000 }, () => {
  let page: Page;

  beforeAll(async () => {
    page = (await openWatched(browser, [])).page;
    await page.setViewportSize({ width: 1000, height: 700 });
    await page.goto(appUrl({ ...SETTINGS, t: '20' }));
    await waitForData(page, { frames: 2, faces: '1' });
  }, 120_000);

  it('VP6 the video starts at the position of the address', async () => {
    expect(await clipTime(page)).toBeGreaterThanOrEqual(20 - FRAME);
  });

  it('VP2 . and , pause and show exactly the next and the previous frame, with its face', async () => {
    await page.keyboard.press('.');
    await waitForData(page, { state: 'paused' });
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await clipTime(page)) > 24, PATIENCE).toBe(true);
    // Until the frame that is sought is shown.
    await expect
      .poll(async () => Math.abs(Number(address(page).get('t')) - (await clipTime(page))), PATIENCE)
      .toBeLessThan(0.001);
    const start = await clipTime(page);
    for (const [key, frames] of [
      ['.', 1],
      ['.', 2],
      [',', 1],
      [',', 0],
      [',', -1],
    ] as const) {
      await page.keyboard.press(key);
      await expectTime(page, start + frames * FRAME);
    }
    expect((await pageData(page)).faces).toBe('1');
  });

  it('VP7 the arrow keys move by 5 s, also with the focus on the seek bar, and leave other controls alone', async () => {
    const start = await clipTime(page);
    await page.locator('#player-seek').focus();
    await page.keyboard.press('ArrowLeft');
    await expectTime(page, start - 5);
    await page.locator('[name=look][value=wireframe]').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('[name=look][value=face]').isChecked(), PATIENCE).toBe(true);
    await expectTime(page, start - 5);
  });

  it('VP1 a drag on the seek bar shows the frame under the pointer', async () => {
    const box = await page.locator('#player-strip').boundingBox();
    if (!box) throw new Error('no seek bar');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.2, y);
    await page.mouse.down();
    for (const share of [0.3, 0.5, 0.9]) await page.mouse.move(box.x + box.width * share, y);
    await page.mouse.up();
    await expectTime(page, 0.9 * 53.48, 0.4);
    await expect
      .poll(() => page.locator('#player-seek').getAttribute('aria-valuetext'))
      .toMatch(/^0:4[78]\.\d\d of 0:53$/);
  });

  it('VP6 keys set in and out point, loop and speed; a reload keeps them', async () => {
    await page.keyboard.press('[');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press(']');
    await page.keyboard.press('l');
    await page.keyboard.press('Shift+<');
    await page.keyboard.press('Shift+<');
    await page.keyboard.press('Shift+>');
    await expect.poll(() => address(page).get('speed'), PATIENCE).toBe('0.5');
    const state = address(page);
    expect(Number(state.get('out')) - Number(state.get('in'))).toBeCloseTo(5, 1);
    expect(state.get('loop')).toBe('0');
    await page.reload();
    await waitForData(page, { frames: 1, faces: '1' });
    expect(await page.locator('#player-loop').getAttribute('aria-pressed')).toBe('false');
    expect(await page.locator('#player-speed').inputValue()).toBe('0.5');
    expect(await page.locator('#player-in').getAttribute('aria-pressed')).toBe('true');
    expect(await clipTime(page)).toBeGreaterThanOrEqual(Number(state.get('in')) - FRAME);
  });

  it('VP3 without the loop, the video pauses at the out point; Space plays it again from the in point', async () => {
    const state = address(page);
    await page.locator('#player-speed').selectOption('2');
    await waitForData(page, { state: 'paused' });
    // Slowly, so that a frame is tracked before the range ends again. A list uses the space bar itself.
    await page.locator('#player-speed').selectOption('0.25');
    await page.locator('#player-speed').blur();
    await page.keyboard.press('Space');
    await expect.poll(() => clipTime(page), PATIENCE).toBeLessThan(Number(state.get('in')) + 3);
    expect(await clipTime(page)).toBeGreaterThan(Number(state.get('in')) - FRAME);
  });

  it('VP6 a camera has no player, and the state leaves the address', async () => {
    await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      const draw = () => canvas.getContext('2d')?.fillRect(0, 0, 300, 150);
      draw();
      setInterval(draw, 100);
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
    });
    await page.locator('#source-cam').click();
    await expect.poll(() => page.locator('#player').isHidden(), PATIENCE).toBe(true);
    expect([...address(page).keys()].filter((name) => ['t', 'in', 'out', 'loop', 'speed'].includes(name))).toEqual([]);
  });
});

describe('player on a phone', { timeout: 240_000 }, () => {
  it('VP7 a tap on the seek bar seeks, and the controls are below the picture at 360 px', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    await page.goto(appUrl(SETTINGS));
    expect(new URL(page.url()).origin).toBe(inject('origin'));
    await waitForData(page, { frames: 2, faces: '1' });
    const stage = await page.locator('#stage').boundingBox();
    const player = await page.locator('#player').boundingBox();
    const strip = await page.locator('#player-strip').boundingBox();
    if (!stage || !player || !strip) throw new Error('no player');
    expect(player.y).toBeGreaterThanOrEqual(stage.y + stage.height);
    expect(stage.height).toBeGreaterThan(200);
    await page.touchscreen.tap(strip.x + strip.width / 2, strip.y + strip.height / 2);
    await expect.poll(() => clipTime(page), PATIENCE).toBeGreaterThan(25);
    await page.locator('#player-next').tap();
    await waitForData(page, { state: 'paused' });
  });
});
