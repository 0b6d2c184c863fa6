import puppeteer from 'puppeteer-core';
import type { EngineBrowser } from './engine-page';

export interface FirefoxOptions {
  readonly executable: string;
  readonly display: string;
}

/** WebGL in software, and a fake camera that needs no permission. */
const PREFERENCES = {
  'webgl.force-enabled': true,
  'gfx.webrender.software': true,
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.autoplay.default': 0,
} as const;

/** Starts Firefox and drives it by WebDriver BiDi. Headless, it has no WebGL: it needs a screen. */
export async function openFirefox({ executable, display }: FirefoxOptions): Promise<EngineBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: executable,
    headless: false,
    extraPrefsFirefox: PREFERENCES,
    defaultViewport: { width: 1280, height: 720 },
    env: { ...process.env, DISPLAY: display, MOZ_ENABLE_WAYLAND: '0' },
  });
  const page = await browser.newPage().catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  return {
    page: {
      async goto(url) {
        await page.goto(url, { waitUntil: 'domcontentloaded' });
      },
      async run<A extends readonly unknown[], T>(work: (...args: A) => T | Promise<T>, ...args: A): Promise<T> {
        return (await page.evaluate(`(${work})(...${JSON.stringify(args)})`)) as T;
      },
      screenshot: async () => Buffer.from(await page.screenshot()),
    },
    close: () => browser.close(),
  };
}
