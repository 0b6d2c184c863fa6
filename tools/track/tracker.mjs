/** The headless tracker: the built page in Chromium, driven from here. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ensureBuilt } from '../lib/build.mjs';
import { launchChromium } from '../lib/chromium.mjs';
import { InputError } from '../lib/input-error.mjs';
import { serve } from '../lib/serve.mjs';
import { checkFolder, openOutput } from './output.mjs';
import { startProgress } from './progress.mjs';

const MODELS = resolve(import.meta.dirname, '../../public/models');
/** Images in flight: one is read or written while another is tracked. */
const AT_ONCE = 3;

/** Files a bundle is served as: a name below public/models, or a folder anywhere. */
function bundleFiles(bundle) {
  if (/^[\w.-]+$/.test(bundle) && existsSync(join(MODELS, bundle, 'manifest.json'))) return new Map();
  const folder = resolve(bundle);
  if (!existsSync(join(folder, 'manifest.json'))) {
    const names = existsSync(MODELS) ? readdirSync(MODELS).join(', ') : 'none';
    throw new InputError(
      `--bundle ${bundle}: no such bundle in public/models (there: ${names}) and no folder with a manifest.json`,
    );
  }
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [`models/__bundle/${name}`, join(folder, name)]));
}

/** Unwraps an answer of the page; a refusal is an InputError with its reason. */
function taken(answer) {
  if (answer.refused !== undefined) throw new InputError(answer.refused);
  return answer.value;
}

/** Works on items with up to `width` at once; `done` is called in the items' order. */
async function inOrder(items, width, work, done) {
  const running = [];
  const finish = async () => {
    const { item, result } = running.shift();
    await done(item, await result);
  };
  for (const [index, item] of items.entries()) {
    const result = work(item, index);
    result.catch(() => {});
    running.push({ item, result });
    if (running.length >= width) await finish();
  }
  while (running.length > 0) await finish();
}

/** A page of the built app on a server of its own. `files` is filled with what the page may read. */
async function openPage(files, { provider }) {
  await ensureBuilt();
  const server = await serve({ files });
  const browser = await launchChromium(provider === 'wasm' ? { gpu: false } : {}).catch(async (error) => {
    await server.close();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    page.on('console', (message) => process.env.DEBUG && console.error(`page: ${message.text()}`));
    await page.goto(`${server.origin}/track.html`);
    await page.waitForFunction(() => window.peekabooTrack !== undefined);
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Starts the page with a bundle.
 * @param {{ bundle: string, provider: string, threads?: number, smooth: boolean, faces: number,
 *   masks: boolean, meshes: boolean, overlay: boolean }} options
 * @throws {InputError} when there is no such bundle, or it is refused
 */
export async function openTracker(options) {
  const files = bundleFiles(options.bundle);
  const bundle = files.size > 0 ? 'models/__bundle/' : `models/${options.bundle}/`;
  const { page, close } = await openPage(files, options);
  const handle = { page, files, video: () => {} };
  try {
    await page.exposeFunction('peekabooResults', (results) => handle.video(results));
    const provider = taken(
      await page.evaluate((settings) => window.peekabooTrack.open(settings), { ...options, bundle }),
    );
    return {
      provider,
      images: (images, out) => trackImages(handle, images, out),
      video: (video, out) => trackVideo(handle, video, out),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes a file readable for the page; returns its URL there. */
function offer(files, path) {
  const name = `__input/${files.size}`;
  files.set(name, resolve(path));
  return name;
}

/**
 * Tracks stills into a folder; unreadable ones are named and skipped.
 * @returns {Promise<{ tracked: number, skipped: string[] }>}
 */
async function trackImages({ page, files }, images, out) {
  const output = openOutput(out);
  const progress = startProgress({ label: basename(resolve(out)), total: images.length, unit: 'images' });
  const skipped = [];
  let done = 0;
  const work = ({ path }, index) =>
    page.evaluate((ask) => window.peekabooTrack.image(...ask), [offer(files, path), basename(path), index]);
  const write = ({ path, name }, answer) => {
    if (answer.refused === undefined) output.add(name, answer.value);
    else skipped.push(`${path}: skipped, ${answer.refused}`);
    progress.update(++done);
  };
  try {
    await inOrder(images, AT_ONCE, work, write);
  } finally {
    progress.stop();
    await output.close();
  }
  return { tracked: images.length - skipped.length, skipped };
}

/**
 * Tracks every frame of a video into a folder, which is made with the first result: a file that is no video leaves none.
 * @returns {Promise<number>} frames
 */
async function trackVideo(handle, { path }, out) {
  checkFolder(out);
  const url = offer(handle.files, path);
  const seconds = await handle.page.evaluate((src) => window.peekabooTrack.duration(src), url);
  const progress = startProgress({ label: basename(path), total: Math.round(seconds * 10) / 10, unit: 's' });
  let output;
  let frames = 0;
  handle.video = (results) => {
    output ??= openOutput(out);
    for (const result of results) output.add(String(frames++).padStart(6, '0'), result);
    progress.update(Math.round((results.at(-1)?.time ?? 0) * 10) / 10);
  };
  try {
    return taken(await handle.page.evaluate((ask) => window.peekabooTrack.video(...ask), [url, basename(path)]));
  } finally {
    progress.stop();
    await output?.close();
  }
}
