import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../../tools/lib/build.mjs';
import { launchSharedChromium } from '../../tools/lib/chromium.mjs';
import { FOLDERS, serve } from '../../tools/lib/serve.mjs';
import { buildDoubles, DOUBLES } from './build-doubles';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served. */
    origin: string;
    /** The bundle the tests run with. */
    bundle: string;
  }
}

let server: Awaited<ReturnType<typeof serve>> | undefined;
let browser: Awaited<ReturnType<typeof launchSharedChromium>> | undefined;

/** PEEKABOO_TEST_BUNDLE, else the project's own. */
function chooseBundle(): string {
  const names = [process.env.PEEKABOO_TEST_BUNDLE, 'peekaboo'];
  const found = names.find((name) => name && existsSync(`public/models/${name}/manifest.json`));
  if (!found) throw new Error('public/models holds no bundle to test with');
  return found;
}

/** Builds the page and the test doubles, serves both, and starts the browser that all test files share. */
export async function setup(project: TestProject): Promise<void> {
  await ensureBuilt();
  await buildDoubles();
  browser = await launchSharedChromium();
  // The processes of the tests inherit it.
  process.env.PEEKABOO_BROWSER = browser.address;
  server = await serve({ folders: [...FOLDERS, DOUBLES] });
  project.provide('origin', server.origin);
  project.provide('bundle', chooseBundle());
}

export async function teardown(): Promise<void> {
  await server?.close();
  await browser?.close();
}
