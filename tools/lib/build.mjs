/** Builds the page into dist, only when something it is made of is newer. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compressSite, removeCopies } from './compress-site.mjs';
import { writeHostFiles } from './host-files.mjs';
import { prepareModels } from './prepare-models.mjs';
import { writeServiceWorker } from './service-worker.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
export const DIST = join(ROOT, 'dist');
const SOURCES = [
  'src',
  'bench',
  'index.html',
  'track.html',
  'render.html',
  'bench.html',
  'soak.html',
  'tools/lib/headers.json',
  'vite.config.ts',
  'package-lock.json',
];

/**
 * Builds with Vite, which sets NODE_ENV to production and leaves it so: programs that are started afterwards, npm above
 * all, would then leave development packages out.
 */
async function buildWithVite(options) {
  const { build } = await import('vite');
  const { NODE_ENV } = process.env;
  try {
    await build({ root: ROOT, logLevel: 'error', build: options });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

/** The newest change below a path, milliseconds; 0 when it does not exist. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

/** Whether a file is there and newer than everything below the given paths of the project. */
export function isUpToDate(file, sources) {
  const made = statSync(file, { throwIfNoEntry: false });
  return made !== undefined && sources.every((source) => newest(join(ROOT, source)) < made.mtimeMs);
}

/** Copies the files of public again. Compressed copies of the former files would be served in their place. */
async function refreshPublic() {
  removeCopies(DIST);
  cpSync(join(ROOT, 'public'), DIST, { recursive: true });
  await writeServiceWorker(DIST);
}

/**
 * Prepares the models and builds the page if needed. The new dist takes the old one's place only when it is whole.
 * @param {(text: string) => void} [say]
 */
export async function ensureBuilt(say = console.error) {
  prepareModels();
  // Files of public are served from there and do not count, except in the version that the service worker stores.
  if (isUpToDate(join(DIST, 'index.html'), SOURCES)) {
    if (!isUpToDate(join(DIST, 'sw.js'), ['public'])) await refreshPublic();
    return;
  }
  say('Building the page…');
  const fresh = join(ROOT, '.cache', `dist-${process.pid}`);
  const old = `${fresh}-old`;
  const started = new Date();
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  try {
    await buildWithVite({ outDir: fresh, emptyOutDir: true });
    writeHostFiles(fresh);
    await writeServiceWorker(fresh);
    utimesSync(join(fresh, 'index.html'), started, started);
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
  } finally {
    rmSync(old, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * Builds the complete site into dist, with a Brotli and a gzip copy of each file that gets smaller.
 * @param {(text: string) => void} [say]
 */
export async function buildSite(say = console.error) {
  await ensureBuilt(say);
  await compressSite(DIST, { say });
}

/**
 * Builds the page for profilers, with source maps and the functions' own names, apart from dist.
 * @returns {Promise<string>} the folder
 */
export async function buildForProfiling() {
  prepareModels();
  const outDir = join(ROOT, '.cache/dist-profiling');
  await buildWithVite({ outDir, emptyOutDir: true, copyPublicDir: false, minify: false, sourcemap: true });
  return outDir;
}
