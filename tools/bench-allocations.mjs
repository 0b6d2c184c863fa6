/** npm run bench:allocations: bytes allocated per tracked frame on the page and in the tracker's worker. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { LOOKS } from './allocations/looks.mjs';
import { measureAllocations } from './allocations/measure.mjs';
import { positionNamer } from './allocations/profile.mjs';
import { buildForProfiling } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { PUBLIC, serve } from './lib/serve.mjs';

/** Tracked frames before the measurement: everything that is made once has been made by then. */
const WARM_UP = 60;
/** Functions that the printed list shows for each thread. */
const SHOWN = 10;

function readArguments() {
  const program = new Command('bench:allocations')
    .description(
      'Plays the sample clip on the page and measures what the page and the worker allocate per tracked frame.',
    )
    .option('--json <file>', 'write the figures to this file, as JSON')
    .option('--frames <n>', 'tracked frames per look', Number, 300)
    .option('--looks <names>', `comma-separated list of ${Object.keys(LOOKS).join(', ')}`, Object.keys(LOOKS).join(','))
    .option('--bundle <name>', 'name of a bundle in public/models', 'peekaboo')
    .option('--dist <dir>', 'measure the build in this folder instead of building the page; its source maps are used')
    .option('--url <address>', 'measure a page that is served already')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const { looks: list, ...options } = program.opts();
  const looks = list.split(',').filter(Boolean);
  const unknown = looks.filter((name) => !Object.hasOwn(LOOKS, name));
  if (unknown.length > 0) throw new InputError(`--looks: unknown ${unknown.join(', ')}`);
  if (!Number.isInteger(options.frames) || options.frames < 1) {
    throw new InputError('--frames must be a whole number above 0');
  }
  if (options.dist && !existsSync(join(options.dist, 'index.html'))) {
    throw new InputError(`--dist ${options.dist}: no index.html in this folder`);
  }
  return { ...options, looks };
}

/** The page to measure: its address and, where known, the folder with its source maps. */
async function openBuild({ dist, url }) {
  if (url) return { origin: url.replace(/\/$/, ''), dist, close: async () => undefined };
  const folder = dist ? resolve(dist) : await buildForProfiling();
  // Another build brings its own models and filters where it holds them.
  const server = await serve({ folders: [folder, PUBLIC] });
  return { origin: server.origin, dist: folder, close: server.close };
}

const kilobytes = (bytes) => (bytes / 1000).toFixed(1);

function table(results) {
  const row = ({ look, tracked, presented, page, worker, mainThreadMs, counts }) =>
    [
      '',
      look,
      `${tracked}/${presented}`,
      kilobytes(page.bytes),
      kilobytes(worker.bytes),
      kilobytes(counts.page.bufferBytes),
      kilobytes(counts.worker.bufferBytes),
      mainThreadMs.toFixed(1),
      counts.page.clears.toFixed(2),
      counts.page.draws.toFixed(1),
      kilobytes(counts.page.uploadBytes),
      '',
    ].join(' | ');
  return [
    '| look | frames tracked/presented | heap, page, kB | heap, worker, kB | buffers, page, kB | buffers, worker, kB | main thread, ms | pictures drawn | draw calls | uploads to WebGL, kB |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...results.map((result) => row(result).trim()),
    '',
    'All figures are means per tracked frame.',
  ].join('\n');
}

function functionList({ look, page, worker }) {
  const list = (thread, { functions }) => [
    `\n${look}, ${thread}: kB per frame and function`,
    ...functions.slice(0, SHOWN).map(({ name, bytes }) => `${kilobytes(bytes).padStart(9)}  ${name}`),
  ];
  return [...list('page', page), ...list('worker', worker)].join('\n');
}

async function run(options) {
  const build = await openBuild(options);
  const browser = await launchChromium({ gpu: false });
  try {
    const results = [];
    for (const look of options.looks) {
      const settings = { origin: build.origin, bundle: options.bundle, look, frames: options.frames, warmUp: WARM_UP };
      results.push(await measureAllocations(browser, settings, positionNamer(build.dist)));
      console.log(functionList(results.at(-1)));
    }
    console.log(`\n${table(results)}`);
    if (options.json)
      writeFileSync(options.json, `${JSON.stringify({ browser: browser.version(), results }, null, 1)}\n`);
  } finally {
    await browser.close();
    await build.close();
  }
}

Promise.resolve()
  .then(() => run(readArguments()))
  .catch((error) => fail('bench:allocations', error));
