/** Declarations of the package. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIB, ROOT } from './contents.mjs';

const TYPES = join(LIB, 'types');
/** Relative specifiers of imports and exports, also of `import('…')` types. */
const SPECIFIER = /((?:from |import\(|import )['"])(\.{1,2}\/[^'"]+)(['"])/g;

/** Imports of Babylon.js's files, see build.mjs. */
const BABYLON = /((?:from |import\()['"]@babylonjs\/\w+\/[^'"]+?)(?:\.js)?(['"])/g;

/** Runs the TypeScript compiler on the entry points; relative imports get the ending that Node's resolution requires. */
export async function buildTypes() {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const { status } = spawnSync(tsc, ['-p', 'tsconfig.package.json', '--outDir', TYPES], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the declarations of the package could not be built');
  for (const name of readdirSync(TYPES, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(TYPES, name);
    const text = readFileSync(path, 'utf8').replace(SPECIFIER, '$1$2.js$3').replace(BABYLON, '$1.js$2');
    // Symbol.dispose is not in every app's `lib`.
    writeFileSync(path, text.includes('Disposable') ? `/// <reference lib="esnext.disposable" />\n${text}` : text);
  }
}
