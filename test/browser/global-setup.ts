import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../../tools/lib/build.mjs';
import { needChromium } from '../../tools/lib/chromium.mjs';
import { serve } from '../../tools/lib/serve.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served. */
    origin: string;
    /** The bundle the tests run with. */
    bundle: string;
  }
}

let server: Awaited<ReturnType<typeof serve>> | undefined;

/** PEEKABOO_TEST_BUNDLE, else the project's own, else the one for development. */
function chooseBundle(): string {
  const names = [process.env.PEEKABOO_TEST_BUNDLE, 'peekaboo', 'trial'];
  const found = names.find((name) => name && existsSync(`public/models/${name}/manifest.json`));
  if (!found) throw new Error('public/models holds no bundle to test with');
  return found;
}

export async function setup(project: TestProject): Promise<void> {
  needChromium();
  await ensureBuilt();
  server = await serve();
  project.provide('origin', server.origin);
  project.provide('bundle', chooseBundle());
}

export async function teardown(): Promise<void> {
  await server?.close();
}
