/** Blender, which the tests of exported files use. `node tools/lib/blender.mjs --install` installs Debian's (about 1 GB). */
import { spawnSync } from 'node:child_process';

const runs = (command, args) => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

/** Path of Blender: PEEKABOO_BLENDER, else the one on the PATH; null where none runs. */
export function findBlender() {
  const blender = process.env.PEEKABOO_BLENDER ?? 'blender';
  return spawnSync(blender, ['--version']).status === 0 ? blender : null;
}

/** Its glTF importer needs numpy. */
const PACKAGES = ['blender', 'python3-numpy'];

/** Installs Blender by apt, with sudo where the user is not root. Throws where it still does not run. */
export function ensureBlender() {
  if (findBlender()) return;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args];
    return runs(command, rest);
  };
  if (apt('update')) apt('install', '-y', '--no-install-recommends', ...PACKAGES);
  if (!findBlender()) throw new Error(`Blender could not be installed: apt-get install ${PACKAGES.join(' ')}`);
}

if (process.argv.includes('--install')) ensureBlender();
