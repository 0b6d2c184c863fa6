/** node tools/package/pack.mjs: builds and packs the package into .cache/package, and prints what it holds. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { isUpToDate } from '../lib/build.mjs';
import { buildPackage } from './build.mjs';
import { LIB, ROOT } from './contents.mjs';
import { measureSizes } from './sizes.mjs';

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
  const compressed = (file) => gzipSync(readFileSync(join(ROOT, file.path))).length;
  const column = (bytes) => String(bytes).padStart(9);
  console.log(`${column('bytes')} ${column('gzip')} file`);
  for (const file of files) console.log(`${column(file.size)} ${column(compressed(file))} ${file.path}`);
  const { tracker, trackerCode } = await measureSizes();
  console.log(`${column(trackerCode)} ${column(tracker)} an app that imports createTracker, bundled`);
  console.log(`${path}: ${size} bytes, unpacked ${unpackedSize}`);
}
