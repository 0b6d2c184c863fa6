/** node tools/package/pack.mjs: builds and packs the package into .cache/package, and prints what it holds. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUpToDate } from '../lib/build.mjs';
import { buildPackage } from './build.mjs';
import { LIB, ROOT } from './contents.mjs';

export const PACKED = join(ROOT, '.cache/package');
/** What the package is made of. */
const SOURCES = ['src', 'public/models', 'tools/package', 'tools/lib', 'package.json', 'NOTICE', 'CHANGELOG.md'];

/**
 * Builds the package where something is newer, or always with `rebuild`, and packs it.
 * @param {{ rebuild?: boolean }} [options]
 * @returns {Promise<{ path: string, size: number, unpackedSize: number, files: { path: string, size: number }[] }>}
 */
export async function packPackage({ rebuild = false } = {}) {
  if (rebuild || !isUpToDate(join(LIB, 'cli.mjs'), SOURCES)) await buildPackage();
  rmSync(PACKED, { recursive: true, force: true });
  mkdirSync(PACKED, { recursive: true });
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', PACKED];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const parsed = JSON.parse(stdout);
  const packed = Array.isArray(parsed) ? parsed[0] : Object.values(parsed)[0];
  return { ...packed, path: join(PACKED, packed.filename) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { path, size, unpackedSize, files } = await packPackage();
  for (const file of files) console.log(`${String(file.size).padStart(9)} ${file.path}`);
  console.log(`${path}: ${size} bytes, unpacked ${unpackedSize}`);
}
