/** Sizes of what apps download, and their limits. */
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

/** The modules and the compressed size of an app that only imports `createTracker`, as a bundler builds it. */
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
  return { modules: chunk.moduleIds, size: gzipSync(chunk.code).length };
}

/** @returns {Promise<{ tracker: number, worker: number, modules: string[] }>} compressed bytes; modules of the tracker */
export async function measureSizes() {
  const { modules, size } = await bundleTracker();
  return { tracker: size, worker: gzipSync(readFileSync(join(ASSETS, WORKER))).length, modules };
}
