/**
 * node tools/package/consumers.mjs [NAME…]: starts from an empty folder for each example, and prints its code and the seconds
 * for `npm install`, the build, and the first tracked face of a fake camera in Chromium.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../lib/chromium.mjs';
import { fail, InputError } from '../lib/input-error.mjs';
import { serve } from '../lib/serve.mjs';
import { ROOT } from './contents.mjs';
import { buildInstalled, copyExample, EXAMPLES, exampleNames, exampleServer, installExample } from './examples.mjs';
import { packPackage } from './pack.mjs';

const PATIENCE = 120_000;

const seconds = (from) => (performance.now() - from) / 1000;

/** A file for Chromium's fake camera: one picture of a face with a hand in front of it. */
function cameraFile(folder) {
  const path = join(folder, 'camera.mjpeg');
  writeFileSync(path, Buffer.concat(Array(30).fill(readFileSync(join(ROOT, 'test/fixtures/hand.jpg')))));
  return path;
}

/** Seconds from opening the page until it reports a face. */
async function firstFace(browser, name, built) {
  const { path = '', headers = {} } = exampleServer(name);
  const server = await serve({ folders: [built], headers });
  const context = await browser.newContext();
  try {
    await context.grantPermissions(['camera'], { origin: server.origin });
    const page = await context.newPage();
    const started = performance.now();
    await page.goto(`${server.origin}/${path}`);
    await page.getByText('faces: 1').waitFor({ timeout: PATIENCE });
    return seconds(started);
  } finally {
    await context.close();
    await server.close();
  }
}

/** Measures one consumer in a new folder. */
async function measure(name, tarball, browser) {
  const folder = mkdtempSync(join(tmpdir(), `peekaboo-${name}-`));
  try {
    copyExample(name, tarball, folder);
    const started = performance.now();
    await installExample(folder);
    const install = seconds(started);
    const built = await buildInstalled(folder);
    const build = seconds(started) - install;
    return { install, build, face: await firstFace(browser, name, built) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints a consumer's code and its figures; one that fails does not end the others. */
async function report(name, tarball, browser) {
  const [file] = EXAMPLES[name].sources;
  const text = readFileSync(join(ROOT, 'examples', name, file), 'utf8').trimEnd();
  console.log(`== ${name}: ${file}\n${text}\n`);
  try {
    const figures = Object.entries(await measure(name, tarball, browser));
    const times = figures.map(([stage, value]) => `${stage} ${value.toFixed(1)} s`);
    console.log(`${name}: ${text.split('\n').length} lines, ${times.join(', ')}\n`);
  } catch (error) {
    fail(name, error);
  }
}

async function main(names) {
  const unknown = names.find((name) => !exampleNames().includes(name));
  if (unknown !== undefined) throw new InputError(`${unknown}: there are ${exampleNames().join(', ')}`);
  const { path } = await packPackage();
  const folder = mkdtempSync(join(tmpdir(), 'peekaboo-consumers-'));
  const browser = await launchChromium({ gpu: false, camera: cameraFile(folder) });
  try {
    for (const name of names.length > 0 ? names : exampleNames()) await report(name, path, browser);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await main(process.argv.slice(2)).catch((error) => fail('consumers', error));
