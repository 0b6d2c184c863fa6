/**
 * Sizes of what apps download, and their limits. size-limit (12.1.0 with its esbuild plugin 13.1.1) is not used: it bundles
 * into a single classic script, in which `import.meta` is empty and modules that are loaded on demand count as if every page
 * loaded them (13.4 kB instead of 12.0 kB for the tracker), and it cannot report that Babylon.js is not part of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { ASSETS, LIB, WORKER } from './contents.mjs';

/** Largest sizes in bytes, compressed by gzip. */
export const LIMITS = {
  /** What a bundler makes of `import { createTracker } from 'peekaboo-face'`, with everything that it needs. */
  tracker: 12_000,
  worker: 130_000,
};

const ENTRY = '\0app';

/** The modules and the code of an app that only imports `createTracker`, as a bundler builds it. */
async function bundleTracker() {
  const app = {
    name: 'app',
    resolveId: (id) => (id === ENTRY ? id : null),
    load: (id) =>
      id === ENTRY
        ? `import { createTracker } from ${JSON.stringify(join(LIB, 'index.js'))}; globalThis.tracker = createTracker();`
        : null,
  };
  const { output } = await build({
    input: ENTRY,
    plugins: [app],
    platform: 'browser',
    write: false,
    output: { format: 'esm', minify: true },
  });
  const [chunk] = output;
  return { modules: chunk.moduleIds, code: Buffer.from(chunk.code) };
}

/**
 * @returns {Promise<{ tracker: number, trackerCode: number, worker: number, modules: string[] }>} compressed bytes; bytes
 *   and modules of the tracker
 */
export async function measureSizes() {
  const { modules, code } = await bundleTracker();
  return {
    tracker: gzipSync(code).length,
    trackerCode: code.length,
    worker: gzipSync(readFileSync(join(ASSETS, WORKER))).length,
    modules,
  };
}
