import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import { launchChromium } from '../../tools/lib/chromium.mjs';

/** A page with a record of what it requested and complained about. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** URLs outside the page's own origin that were requested; all requests were blocked. */
  readonly asked: string[];
  /** Violations of the content security policy, and errors of the page. */
  readonly complaints: string[];
}

/** MediaPipe logs all of its messages as errors. */
const NOISE = /^(INFO|W\d{4}|I\d{4})/;

/** Chromium with software rendering, so that results do not depend on the machine's GPU. Shared, unless it has a camera or must not be. */
export function openBrowser(options: { camera?: string; shared?: boolean } = {}): Promise<Browser> {
  return launchChromium({ gpu: false, ...options });
}

/** Closes all pages of a browser. */
export async function closePages(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** A new page, 640 × 480, that cannot request anything outside its origin. */
export async function openWatched(browser: Browser, permissions: string[] = ['camera']): Promise<Watched> {
  const origin = inject('origin');
  const context = await browser.newContext({
    viewport: { width: 640, height: 480 },
    deviceScaleFactor: 1,
    // Its requests would not be seen here.
    serviceWorkers: 'block',
  });
  await context.grantPermissions(permissions, { origin });
  const asked: string[] = [];
  const complaints: string[] = [];
  await context.route(
    (url) => url.origin !== origin && url.protocol.startsWith('http'),
    (route) => {
      asked.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !NOISE.test(message.text())) complaints.push(message.text());
  });
  return { page, context, asked, complaints };
}

/** URL of the app's page with settings, the test's bundle, and no panel. */
export function appUrl(settings: Record<string, string>): string {
  const query = new URLSearchParams({ bundle: inject('bundle'), clean: '1', ...settings });
  return `${inject('origin')}/?${query}`;
}

/** Expected data of the document element: at least this number of frames, the other entries exactly. */
export interface Wanted {
  readonly frames?: number;
  readonly [name: string]: string | number | undefined;
}

export async function waitForData(page: Page, wanted: Wanted, timeout = 90_000): Promise<void> {
  const holds = ({ frames = 0, ...others }: Wanted) => {
    const { dataset } = document.documentElement;
    return Number(dataset.frames) >= frames && Object.entries(others).every(([name, value]) => dataset[name] === value);
  };
  await page.waitForFunction(holds, wanted, { timeout }).catch(async (error: Error) => {
    const data = JSON.stringify(await pageData(page));
    throw new Error(`${JSON.stringify(wanted)} was not reached; the page's data is ${data} (${error.message})`);
  });
}

export function pageData(page: Page): Promise<Record<string, string | undefined>> {
  return page.evaluate(() => ({ ...document.documentElement.dataset }));
}
