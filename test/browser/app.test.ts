import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, openBrowser, openWatched, pageData, waitForData } from './harness';

const LIGHT = { engine: 'webgl', provider: 'wasm' } as const;

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

function loseContext(page: Page): Promise<void> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#stage');
    canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  });
}

async function textOf(page: Page, selector: string): Promise<string> {
  const [text = ''] = await page.locator(selector).allInnerTexts();
  return text;
}

describe('app', () => {
  it('A1 A4 names a wrong setting and a bundle that is not there, and says what to do', async () => {
    const { page, asked } = await openWatched(browser, []);
    await page.goto(appUrl({ ...LIGHT, bundle: 'nowhere', faces: '9' }));
    await waitForData(page, { error: 'BundleError', state: 'error' });
    expect(await textOf(page, '#error')).toMatch(/nowhere[\s\S]*bundle=NAME[\s\S]*Reload/);
    expect(await textOf(page, '#warnings')).toContain('?faces=9 was ignored');
    expect(asked).toEqual([]);
    await page.close();
  });

  it('A2 A4 asks for no permission by itself, says so when the camera is refused, and goes on with the sample', async () => {
    const { page } = await openWatched(browser, []);
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        document.documentElement.dataset.asked = 'yes';
        throw new DOMException('refused', 'NotAllowedError');
      };
    });
    await page.goto(appUrl({ ...LIGHT, clean: '0' }));
    await waitForData(page, { frames: 1 });
    expect((await pageData(page)).asked).toBeUndefined();
    await page.locator('#source-cam').click();
    await waitForData(page, { error: 'camera-denied', asked: 'yes' });
    await page.getByRole('button', { name: 'Use the sample' }).click();
    await waitForData(page, { frames: 3, state: 'running', error: '' });
    await page.close();
  });

  it('A4 says that a file cannot be read, and the session goes on', async () => {
    const { page } = await openWatched(browser, []);
    await page.goto(appUrl(LIGHT));
    await waitForData(page, { engine: 'webgl2' });
    const file = (name: string, mimeType: string) => ({ name, mimeType, buffer: Buffer.from('not what it says') });
    const cases = [
      [file('notes.txt', 'text/plain'), 'FileError'],
      [file('broken.jpg', 'image/jpeg'), 'ImageError'],
      [file('broken.mp4', 'video/mp4'), 'VideoFileError'],
    ] as const;
    for (const [given, error] of cases) {
      await page.setInputFiles('#file', given);
      await waitForData(page, { error });
      expect(await textOf(page, '#error')).toContain(given.name);
    }
    await page.getByRole('button', { name: 'Use the sample' }).click();
    await waitForData(page, { frames: 1, state: 'running', error: '' });
    await page.close();
  });

  it('A16 a camera that is unplugged leaves neither picture nor readings, and its message can be closed', async () => {
    const { page } = await openWatched(browser);
    await page.addInitScript(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await open(constraints);
        addEventListener('unplug', () => stream.getVideoTracks()[0]?.dispatchEvent(new Event('ended')));
        return stream;
      };
    });
    await page.goto(appUrl({ ...LIGHT, clean: '0', source: 'cam', look: 'none' }));
    await waitForData(page, { frames: 2, state: 'running' });
    await expect.poll(() => textOf(page, '#fps')).not.toBe('–');
    const colours = async () => new Set(PNG.sync.read(await page.locator('#stage').screenshot()).data).size;
    expect(await colours()).toBeGreaterThan(20);
    await page.evaluate(() => dispatchEvent(new Event('unplug')));
    await waitForData(page, { state: 'error', error: 'camera-unplugged', faces: '0' });
    for (const selector of ['#fps', '#total', '#faces-count', '#source-name'])
      expect(await textOf(page, selector)).toBe('–');
    for (const selector of ['#loading', '#hint']) expect(await page.locator(selector).isVisible()).toBe(false);
    await page.locator('#error-close').click();
    await page.locator('.brand').evaluate((brand) => brand.remove());
    await expect.poll(colours).toBeLessThan(20);
    await page.close();
  });

  it('A8 rebuilds a lost picture on a new canvas and goes on, and gives up after three losses', async () => {
    const { page } = await openWatched(browser, []);
    await page.goto(appUrl(LIGHT));
    await waitForData(page, { frames: 1 });
    for (let loss = 1; loss <= 3; loss++) {
      const { frames } = await pageData(page);
      await loseContext(page);
      await waitForData(page, { frames: Number(frames) + 2, error: '' });
    }
    await loseContext(page);
    await waitForData(page, { error: 'StageLostError', state: 'error' });
    await page.close();
  });
});
