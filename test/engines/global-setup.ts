import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../../tools/lib/build.mjs';
import { findEngines } from '../../tools/lib/engines.mjs';
import { FOLDERS, serve } from '../../tools/lib/serve.mjs';
import { type Screen, startXvfb } from './xvfb';

declare module 'vitest' {
  interface ProvidedContext {
    /** DISPLAY of the virtual screen; empty without Xvfb. */
    display: string;
  }
}

/** Files that the tests open in the page. */
const FIXTURES = join(import.meta.dirname, '../fixtures');

let server: Awaited<ReturnType<typeof serve>> | undefined;
let screen: Screen | undefined;

/** Builds and serves the page and the fixtures, and starts the virtual screen. */
export async function setup(project: TestProject): Promise<void> {
  await ensureBuilt();
  const { xvfb } = findEngines();
  screen = xvfb ? await startXvfb(xvfb) : undefined;
  server = await serve({ folders: [...FOLDERS, FIXTURES] });
  project.provide('origin', server.origin);
  project.provide('display', screen?.display ?? '');
}

export async function teardown(): Promise<void> {
  await server?.close();
  screen?.close();
}
