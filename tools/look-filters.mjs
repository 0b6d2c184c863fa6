/**
 * node tools/look-filters.mjs: sheets of what the page draws on the sample clip, to be looked at. A sheet for each look
 * (a filter's name, `you`, `avatar`), or one of all with --together. What the page's console complains of is an error.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { ensureBuilt } from './lib/build.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { goTo, isInClip, openClip, waitFor } from './lib/sample-clip.mjs';
import { serve } from './lib/serve.mjs';

const NOT_FILTERS = ['index.ts', 'template.ts'];
const LOOKS = { you: 'look=face', avatar: 'look=avatar', wireframe: 'look=wireframe' };
/** Twice the clip's size. */
const VIEWPORT = { width: 800, height: 600 };

const filterNames = () =>
  readdirSync('src/filters')
    .filter((name) => name.endsWith('.ts') && !NOT_FILTERS.includes(name))
    .map((name) => name.slice(0, -3));

const list = (text) => text.split(',').filter(Boolean);

function readArguments() {
  const options = new Command('look-filters')
    .option('--looks <names>', 'filters, you, avatar, wireframe; all but the last by default', list)
    .option('--times <seconds>', 'times of the clip', (text) => list(text).map(Number), [46.5, 47.3, 49.6, 52])
    .option('--box <x,y,width,height>', 'part of the picture, of 1', (text) => list(text).map(Number), [0, 0, 1, 1])
    .option('--engine <name>', 'webgl or webgpu', 'webgl')
    .option('--width <pixels>', 'of each picture', Number, 400)
    .option('--columns <n>', 'pictures in a row', Number, 2)
    .option('--together', 'all looks on one sheet, a row each')
    .option('--out <folder>', 'where the sheets go', 'out/filters')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
  if (!options.times.every(isInClip)) throw new InputError('--times must be seconds from 1 to 53');
  if (options.box.length !== 4 || !options.box.every((part) => part >= 0 && part <= 1)) {
    throw new InputError('--box must be four numbers from 0 to 1');
  }
  return { ...options, looks: options.looks ?? [...filterNames(), 'you', 'avatar'] };
}

/** Waits for what loads after the first frame: filters, the avatar, shaders. */
async function settled(page, look) {
  const [name, value] = look in LOOKS ? ['avatar', 'Character'] : ['filters', look];
  if (look === 'you' || look === 'wireframe') return;
  const there = ([entry, wanted]) => document.documentElement.dataset[entry] === wanted;
  await waitFor(page, there, [name, value]);
}

/** PNGs of one look at each time, and what the console had to complain of. */
async function picturesOf(browser, origin, look, { times, engine }) {
  const query = LOOKS[look] ?? `look=none&filter=${look}`;
  const complaints = [];
  const address = `${origin}/?clean=1&provider=wasm&engine=${engine}&${query}`;
  const page = await openClip(browser, address, VIEWPORT, (text) => complaints.push(text));
  await settled(page, look);
  const pictures = [];
  for (const time of times) {
    await goTo(page, time);
    pictures.push({ label: `${look} ${time} s ${engine}`, png: (await page.screenshot()).toString('base64') });
  }
  await page.close();
  return { pictures, complaints };
}

/** Lays pictures out in rows, each with its label. Runs in the page. */
async function layOut({ pictures, columns, width, box: [x, y, w, h] }) {
  const images = await Promise.all(
    pictures.map(async ({ png }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      return image;
    }),
  );
  const height = Math.round((width * h * images[0].height) / (w * images[0].width));
  const sheet = document.createElement('canvas');
  sheet.width = width * Math.min(columns, images.length);
  sheet.height = height * Math.ceil(images.length / columns);
  const pen = sheet.getContext('2d');
  pen.font = '12px sans-serif';
  images.forEach((image, i) => {
    const [left, top] = [width * (i % columns), height * Math.floor(i / columns)];
    const part = [x * image.width, y * image.height, w * image.width, h * image.height];
    pen.drawImage(image, ...part, left, top, width, height);
    pen.fillStyle = '#000';
    pen.fillRect(left, top, pen.measureText(pictures[i].label).width + 8, 16);
    pen.fillStyle = '#fff';
    pen.fillText(pictures[i].label, left + 4, top + 12);
  });
  return sheet.toDataURL('image/png').split(',')[1];
}

async function saveSheet(browser, file, pictures, { columns, width, box }) {
  const page = await browser.newPage();
  const png = await page.evaluate(layOut, { pictures, columns, width, box });
  writeFileSync(file, Buffer.from(png, 'base64'));
  await page.close();
  console.log(file);
}

async function run(options) {
  await ensureBuilt();
  const server = await serve();
  const browser = await launchChromium({ gpu: false });
  mkdirSync(options.out, { recursive: true });
  const fileOf = (name) => join(options.out, `${name}-${options.engine}.png`);
  const all = [];
  try {
    for (const look of options.looks) {
      const { pictures, complaints } = await picturesOf(browser, server.origin, look, options);
      for (const complaint of complaints) console.error(`${look}: ${complaint}`);
      if (complaints.length > 0) process.exitCode = 1;
      if (options.together) all.push(...pictures);
      else await saveSheet(browser, fileOf(look), pictures, options);
    }
    if (options.together) await saveSheet(browser, fileOf('all'), all, { ...options, columns: options.times.length });
  } finally {
    await browser.close();
    await server.close();
  }
}

Promise.resolve()
  .then(() => run(readArguments()))
  .catch((error) => fail('look-filters', error));
