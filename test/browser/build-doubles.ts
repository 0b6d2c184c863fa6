import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { isUpToDate } from '../../tools/lib/build.mjs';

/**
 * Folder of the built test doubles, served beside the page: NAME.js for test/browser/NAME.ts, and what they share. The
 * doubles are pages of the tests' own that drive parts of the project in the browser.
 */
export const DOUBLES = resolve(import.meta.dirname, '../../.cache/doubles');
const STAMP = join(DOUBLES, 'built');

/** Builds all test doubles at once, unless they are up to date. */
export async function buildDoubles(): Promise<void> {
  if (isUpToDate(STAMP, ['src', 'bench', 'test', 'package-lock.json'])) return;
  const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('-double.ts'));
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    worker: { format: 'es' },
    build: {
      outDir: DOUBLES,
      emptyOutDir: true,
      assetsDir: 'doubles',
      target: 'es2023',
      minify: false,
      rollupOptions: {
        input: names.map((name) => join(import.meta.dirname, name)),
        output: { entryFileNames: '[name].js' },
        preserveEntrySignatures: 'strict',
      },
    },
  });
  writeFileSync(STAMP, '');
}
