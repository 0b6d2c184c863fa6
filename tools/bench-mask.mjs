/** npm run bench:mask: the compositor's mask with and without sharpening, on rendered clips with ground truth. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ensureBuilt } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { serve } from './lib/serve.mjs';

const wholeNumber = (text) => Number.parseInt(text, 10);

function readArguments() {
  const program = new Command('bench:mask')
    .description(
      'Renders objects in front of faces and compares the mask, with and without sharpening, with the ground truth.',
    )
    .option('--json <file>', 'write the figures to this file, as JSON')
    .option('--bundle <name>', 'name of a bundle in public/models', 'peekaboo')
    .option('--engine <name>', 'webgl or webgpu', 'webgl')
    .option('--frames <n>', 'measured frames per clip', wholeNumber, 30)
    .option('--clips <names>', 'only clips whose name contains one of these words (comma-separated)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts();
  if (!(options.frames > 0)) throw new InputError('--frames must be a whole number above 0');
  if (!['webgl', 'webgpu'].includes(options.engine)) {
    throw new InputError(`--engine must be webgl or webgpu, not ${options.engine}`);
  }
  return options;
}

/** Frames that are not measured, as track and masks settle in them. */
const WARM_UP = 4;

async function measure(browser, origin, { bundle, engine, frames, clips }) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`${origin}/bench.html`);
  await page.waitForFunction(() => window.peekabooMaskBench !== undefined);
  const options = { bundle: `models/${bundle}/`, engine, frames: frames + WARM_UP, warmUp: WARM_UP };
  return page.evaluate((settings) => window.peekabooMaskBench(settings), {
    ...options,
    ...(clips ? { words: clips.split(',') } : {}),
  });
}

const three = (value) => value.toFixed(3);
const change = (value) => (value === undefined ? '' : value.toFixed(2));

function table({ results, milliseconds }) {
  const row = ({ clip, mask, unsharpened: a, sharpened: b }) =>
    `| ${clip} | ${mask} | ${three(a.iou)} | ${three(b.iou)} | ${three(a.boundary)} | ${three(b.boundary)} | ${change(a.flicker)} | ${change(b.flicker)} |`;
  return [
    '| clip | mask | IoU, unsharpened | sharpened | boundary F at 2 px, unsharpened | sharpened | flicker of 255, unsharpened | sharpened |',
    '|---|---|---|---|---|---|---|---|',
    ...results.map(row),
    '',
    `time of the occluder's drawing: ${milliseconds.sharpened.toFixed(1)} ms sharpened, ${milliseconds.unsharpened.toFixed(1)} ms not`,
  ].join('\n');
}

async function run(options) {
  await ensureBuilt();
  const server = await serve();
  const browser = await launchChromium({ gpu: false });
  try {
    const figures = await measure(browser, server.origin, options);
    console.log(table(figures));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    await browser.close();
    await server.close();
  }
}

Promise.resolve()
  .then(() => run(readArguments()))
  .catch((error) => fail('bench:mask', error));
