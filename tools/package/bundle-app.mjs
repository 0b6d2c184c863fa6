/** Bundles small apps for tests, with the packages of this repository. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { LIB, ROOT } from './contents.mjs';

/** The entry points of the built package by the names under which apps import them. */
const ALIASES = Object.fromEntries(
  ['babylon', 'mediapipe', 'react'].map((name) => [`peekaboo-face/${name}`, join(LIB, `${name}.js`)]),
);

/**
 * Writes `name` into the folder: the code and what it imports.
 * @param {string} code
 * @param {string} folder
 * @param {string} name
 */
export async function bundleApp(code, folder, name) {
  const input = join(folder, `source-${name}`);
  writeFileSync(input, code);
  await build({
    cwd: ROOT,
    input,
    platform: 'browser',
    resolve: {
      alias: { ...ALIASES, 'peekaboo-face': join(LIB, 'index.js') },
      modules: [join(ROOT, 'node_modules')],
    },
    output: { dir: folder, format: 'esm', entryFileNames: name, chunkFileNames: '[name]-chunk.mjs' },
  });
}
