import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cutOut, pasted, screenProblem } from './filters-screens-compare';
import type { Screen } from './filters-screens-double';
import { openBrowser, openWatched, type Watched } from './harness';
import { readDouble } from './read-double';

/** PEEKABOO_RENEW_SCREENS=1 stores what is seen. */
const RENEW = Boolean(process.env.PEEKABOO_RENEW_SCREENS);
const ROOT = resolve(import.meta.dirname, '../..');
const STORED = join(ROOT, 'test/golden/screens');
/** What was seen instead of a stored screen. */
const SEEN = join(ROOT, '.cache/screens');
const SIZE = 256;
const SHIFT = 6;

const NAMES = Object.keys(import.meta.glob('../../src/filters/*.ts'))
  .map((file) => file.replace(/^.*\/|\.ts$/g, ''))
  .filter((name) => !['index', 'template'].includes(name))
  .concat('character');

/** Also shown on a head with hair: what is under a fringe, and what is over it; with a mask for which that is wrong. */
const ON_HAIR = [
  ['paint', 'nothing'],
  ['half-mask', 'nothing'],
  ['hat', 'occluder'],
  ['character', 'occluder'],
] as const;

let browser: Browser;
let watched: Watched;
let page: Page;
/** The pictures with nothing drawn on them: without and with hair. */
let plain: Uint8Array;
let hairy: Uint8Array;

beforeAll(async () => {
  const code = readDouble('filters-screens-double');
  browser = await openBrowser();
  watched = await openWatched(browser);
  page = watched.page;
  const address = `${inject('origin')}/filters-screens-double`;
  const html =
    '<!doctype html><meta charset="utf-8"><body style="margin:0"><script type="module" src="/filters-screens-double.js"></script>';
  await page.route(`${address}.html`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.route(`${address}.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: code }));
  await page.goto(`${address}.html`);
  await page.waitForFunction(() => window.screensDouble);
});
afterAll(() => browser?.close());

async function draw(screen: Screen): Promise<Uint8Array> {
  const rgba = await page.evaluate((wanted) => window.screensDouble?.draw(wanted), screen);
  return Uint8Array.from(Buffer.from(rgba ?? '', 'base64'));
}

function store(name: string, picture: Uint8Array, folder = STORED): void {
  const png = new PNG({ width: SIZE, height: SIZE });
  png.data.set(picture);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), PNG.sync.write(png, { deflateLevel: 9 }));
}

const stored = (name: string): Uint8Array => PNG.sync.read(readFileSync(join(STORED, `${name}.png`))).data;

async function open(engine: 'webgl' | 'webgpu'): Promise<void> {
  const model = `models/${inject('bundle')}/face-model.bin`;
  await page.evaluate(([kind, url]) => window.screensDouble?.open(kind, url), [engine, model] as const);
}

/** Shows the screen as it should be, and answers with the stored one. */
async function looksAsStored(name: string, hair = false): Promise<Uint8Array> {
  const [file, below] = hair ? [`${name}-hair`, hairy] : [name, plain];
  const seen = await draw(hair ? { name, hair: 'own' } : { name });
  const wanted = pasted(stored(file), below);
  const problem = screenProblem(wanted, seen, below);
  if (problem) store(file, seen, SEEN);
  expect(problem, `see .cache/screens/${file}.png and docs/filters.md`).toBeNull();
  expect(watched.complaints).toEqual([]);
  return wanted;
}

describe('stored screens', () => {
  beforeAll(async () => {
    await open('webgl');
    const drawn = await draw({ name: 'plain' });
    if (RENEW) store('plain', drawn);
    plain = stored('plain');
    expect(screenProblem(plain, drawn, new Uint8Array(plain.length))).toBeNull();
    hairy = await draw({ name: 'plain', hair: 'own' });
  });

  it.each(NAMES)('FL12 %s looks as stored; missing, moved or over the hands it would not', async (name) => {
    if (RENEW) store(name, cutOut(await draw({ name }), plain));
    const wanted = await looksAsStored(name);
    const faults = [plain, await draw({ name, shift: SHIFT })];
    // The lens lies over everything.
    if (name !== 'lens') faults.push(await draw({ name, occlusion: false }));
    for (const fault of faults) expect(screenProblem(wanted, fault, plain)).toContain('of the effect is off');
  });
});

describe('on a head with hair', () => {
  beforeAll(() => open('webgl'));

  it.each(ON_HAIR)('FL12 CM13 %s looks as stored; with hair that is %s it would not', async (name, wrong) => {
    if (RENEW) store(`${name}-hair`, cutOut(await draw({ name, hair: 'own' }), hairy));
    const wanted = await looksAsStored(name, true);
    const fault = await draw({ name, hair: wrong });
    expect(screenProblem(wanted, fault, hairy)).toContain('of the effect is off');
  });
});

describe('on WebGPU', () => {
  beforeAll(() => open('webgpu'));

  it.each(NAMES)('FL12 %s looks as stored', async (name) => {
    await looksAsStored(name);
  });

  it.each(ON_HAIR)('FL12 CM13 %s looks as stored on a head with hair', async (name) => {
    await looksAsStored(name, true);
  });
});
