#!/usr/bin/env node
/** npx peekaboo-face copy-assets DIR: copies the assets folder of the package. */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const USAGE = `Usage: peekaboo-face copy-assets DIR

Copies the tracker's files (weights, detectors, WebAssembly, worker) into DIR. Serve that folder, and pass its address:
createTracker({ assets: '/DIR/' })`;

function copyAssets(folder) {
  const from = join(import.meta.dirname, 'assets');
  const to = resolve(folder);
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
  const files = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  console.log(`${files.length} files are in ${to}`);
}

const [command, folder, ...more] = process.argv.slice(2);
if (command === 'copy-assets' && folder && more.length === 0) copyAssets(folder);
else if (command === '--help') console.log(USAGE);
else {
  console.error(USAGE);
  process.exitCode = 2;
}
