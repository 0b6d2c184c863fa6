/** Blender, which the tests of exported files use. `node tools/lib/blender.mjs --install` installs Debian's (about 1 GB). */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { aptInstall } from './apt.mjs';

/** Path of Blender: PEEKABOO_BLENDER, else the one on the PATH; null where none runs. */
export function findBlender() {
  const blender = process.env.PEEKABOO_BLENDER ?? 'blender';
  return spawnSync(blender, ['--version']).status === 0 ? blender : null;
}

/** Its glTF importer needs numpy. */
const PACKAGES = ['blender', 'python3-numpy'];

/** Installs Blender. Throws where it still does not run. */
export function ensureBlender() {
  if (findBlender()) return;
  aptInstall(PACKAGES);
  if (!findBlender()) throw new Error(`Blender could not be installed: apt-get install ${PACKAGES.join(' ')}`);
}

const isMain = import.meta.url === pathToFileURL(process.argv[1] ?? '').href;
if (isMain && process.argv.includes('--install')) ensureBlender();
