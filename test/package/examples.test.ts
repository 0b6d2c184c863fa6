import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../../tools/lib/chromium.mjs';
import { serve } from '../../tools/lib/serve.mjs';
import { buildExample, exampleNames, exampleServer, isTested } from '../../tools/package/examples.mjs';
import { expectPicture } from './expect-picture';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium({ gpu: false, camera: inject('camera') });
});
afterAll(() => browser?.close());

interface OpenExample {
  readonly page: Page;
  /** Messages of errors that the page did not handle. */
  readonly errors: string[];
  /** Addresses, also those that workers request. */
  readonly requested: string[];
  readonly close: () => Promise<void>;
}

/** Opens a page of the built example; errors of the page are collected. */
async function openExample(name: string, folder: string): Promise<OpenExample> {
  // A server as most apps have it, without isolation, unless the example describes another.
  const { path = '', headers = {} } = exampleServer(name);
  const server = await serve({ folders: [folder], headers });
  const context = await browser.newContext({ viewport: { width: 700, height: 600 }, deviceScaleFactor: 0.5 });
  await context.grantPermissions(['camera'], { origin: server.origin });
  const page = await context.newPage();
  const errors: string[] = [];
  const requested: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(`${server.origin}/${path}`);
  const close = async () => {
    await context.close();
    await server.close();
  };
  return { page, errors, requested, close };
}

describe('examples, installed from the packed package', () => {
  for (const name of exampleNames()) {
    it.skipIf(!isTested(name))(`PK9 ${name}: builds, tracks the camera, and keeps the hand in front`, async () => {
      const { page, errors, requested, close } = await openExample(name, await buildExample(name, inject('tarball')));
      try {
        await page
          .getByText('faces: 1')
          .waitFor({ timeout: 90_000 })
          .catch(() => undefined);
        expect(errors).toEqual([]);
        expect(await page.locator('output').textContent()).toContain('faces: 1');
        // The React example is a development build: StrictMode mounts its component twice.
        expect(requested.filter((url) => url.endsWith('.onnx'))).toHaveLength(1);
        await expectPicture(await page.locator('canvas').first().screenshot(), `test/package/pictures/${name}.png`);
      } finally {
        await close();
      }
    });
  }
});
