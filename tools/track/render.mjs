/** Renders a video with its tracked faces into a video or a ZIP of pictures. */
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { ensureBuilt } from '../lib/build.mjs';
import { launchChromium } from '../lib/chromium.mjs';
import { InputError } from '../lib/input-error.mjs';
import { serve } from '../lib/serve.mjs';
import { listInputs } from './inputs.mjs';
import { offer } from './offer.mjs';
import { startProgress } from './progress.mjs';
import { bundleFiles } from './tracker.mjs';

const FORMATS = { '.mp4': 'mp4', '.webm': 'webm', '.zip': 'png' };
const AVATARS = ['.glb', '.vrm'];
const PICTURES = ['.jpg', '.jpeg', '.png', '.webp'];

/** The built-in avatar, as the page has it. */
const CHARACTER = { url: 'avatars/character.glb', name: 'Character' };

/** What is behind the head: nothing where there is no background option. */
function studioOf(background, files) {
  if (background === undefined) return { options: {} };
  const studio = (backdrop) => ({ place: 'studio', backdrop });
  if (background === 'transparent' || background === 'blur') return { options: studio(background) };
  if (/^#?[0-9a-f]{6}$/i.test(background)) return { options: studio(`#${background.replace('#', '').toLowerCase()}`) };
  if (PICTURES.includes(extname(background).toLowerCase()) && existsSync(background)) {
    return { options: studio('picture'), picture: offer(files, background) };
  }
  throw new InputError(
    `--background ${background}: must be transparent, blur, a colour such as 2a3350, or an existing picture (JPEG, PNG, WebP)`,
  );
}

function avatarOf(avatar, files) {
  if (avatar === undefined) return undefined;
  if (avatar === 'character') return CHARACTER;
  if (!AVATARS.includes(extname(avatar).toLowerCase()) || !existsSync(avatar)) {
    throw new InputError(`--avatar ${avatar}: must be an existing .glb or .vrm file, or “character”`);
  }
  return { url: offer(files, avatar), name: basename(avatar) };
}

/** The job of the page. Throws InputError for options that do not fit. */
export function renderJob(video, options, files) {
  const format = FORMATS[extname(options.render).toLowerCase()];
  if (!format)
    throw new InputError(`--render ${options.render}: the file must end in .mp4, .webm or .zip (PNG sequence)`);
  const avatar = avatarOf(options.avatar, files);
  const studio = studioOf(options.background, files);
  const isTransparent = studio.options.backdrop === 'transparent';
  if (isTransparent && format === 'mp4')
    throw new InputError('--background transparent: MP4 has no transparency; render to .webm or .zip');
  const look = options.look ?? (avatar ? 'avatar' : options.filter.length > 0 ? 'none' : 'face');
  return {
    url: offer(files, video.path),
    name: video.file,
    format,
    provider: options.provider,
    faces: options.faces,
    fov: options.fov,
    engine: 'auto',
    filters: options.filter,
    options: { look, occlusion: options.occlusion, mirror: false, ...studio.options },
    transparent: isTransparent,
    ...(options.threads ? { threads: options.threads } : {}),
    ...(avatar ? { avatar } : {}),
    ...(studio.picture ? { background: studio.picture } : {}),
  };
}

/** The only input, which must be a video. */
function onlyVideo(inputs) {
  const { images, videos } = listInputs(inputs, { recursive: false });
  if (videos.length === 1 && images.length === 0) return videos[0];
  throw new InputError('--render needs exactly one video');
}

/** Opens the file that is written. Throws InputError where it exists, unless `force`. */
function openFile(path, force) {
  if (!force && existsSync(path)) throw new InputError(`${path} exists already; --force replaces it`);
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new InputError(`--render ${path}: the file cannot be written (${error.code})`);
  }
}

async function openPage(files, { onWrite, onProgress }) {
  await ensureBuilt();
  const server = await serve({ files });
  const browser = await launchChromium({ signals: false }).catch(async (error) => {
    await server.close();
    throw error;
  });
  const close = async () => {
    await browser.close().catch(() => {});
    await server.close();
  };
  try {
    const page = await browser.newPage();
    page.on('console', (message) => process.env.DEBUG && console.error(`page: ${message.text()}`));
    await page.exposeFunction('peekabooWrite', onWrite);
    await page.exposeFunction('peekabooProgress', onProgress);
    await page.goto(`${server.origin}/render.html`);
    await page.waitForFunction(() => window.peekabooRender !== undefined);
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Seconds of a video, from the page that renders it. */
function secondsOf(page, url) {
  return page.evaluate(
    (address) =>
      new Promise((done) => {
        const video = document.createElement('video');
        video.onloadedmetadata = () => done(Number.isFinite(video.duration) ? video.duration : 0);
        video.onerror = () => done(0);
        video.src = address;
      }),
    url,
  );
}

const NAMES = { track: 'Tracking', render: 'Rendering' };

/** Shows the stages one after the other. */
function stagedProgress(seconds) {
  let stage;
  let progress;
  const total = Math.round(seconds * 10) / 10;
  return {
    update(next, time) {
      if (next !== stage) {
        progress?.stop();
        progress = startProgress({ label: NAMES[next], total, unit: 's' });
      }
      stage = next;
      progress.update(Math.round(time * 10) / 10);
    },
    stop: () => progress?.stop(),
  };
}

/** The message of the disk where a file could not be written. */
function writeError(path, error) {
  const reason = error.code === 'ENOSPC' ? 'the disk is full' : error.code;
  return new InputError(`${path} could not be written: ${reason}. Make room, and render again.`);
}

/**
 * Tracks and renders one video.
 * @throws {InputError} for options or input that do not fit, and where the file cannot be written; nothing is left then
 */
export async function runRender(options) {
  const files = bundleFiles(options.bundle);
  const bundle = files.size > 0 ? 'models/__bundle/' : `models/${options.bundle}/`;
  const video = onlyVideo(options.inputs);
  const path = resolve(options.render);
  if (path === resolve(video.path)) throw new InputError('--render must not name the input itself');
  const job = { ...renderJob(video, options, files), bundle };
  const file = openFile(path, options.force);
  let failure;
  let progress;
  const onWrite = (position, bytes) => {
    const data = Buffer.from(bytes, 'base64');
    try {
      for (let done = 0; done < data.length; ) done += writeSync(file, data, done, data.length - done, position + done);
    } catch (error) {
      failure ??= writeError(path, error);
      throw failure;
    }
  };
  let opened;
  try {
    opened = await openPage(files, { onWrite, onProgress: (...args) => progress?.update(...args) });
    const { page } = opened;
    const seconds = await secondsOf(page, job.url);
    progress = stagedProgress(seconds);
    const answer = await page.evaluate((work) => window.peekabooRender(work), job);
    if (failure) throw failure;
    if (answer.refused !== undefined) throw new InputError(answer.refused);
    report(path, answer.value, seconds);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    progress?.stop();
    closeSync(file);
    await opened?.close();
  }
}

function report(path, { frames, notices, trackSeconds, renderSeconds }, seconds) {
  for (const notice of notices) console.error(notice);
  // Some recordings do not declare their duration.
  const speed = (spent) => (seconds > 0 ? ` (${(seconds / spent).toFixed(2)} × real time)` : '');
  const ratio = (spent) => `${spent.toFixed(1)} s${speed(spent)}`;
  console.log(`${path}: ${frames} frames; tracked in ${ratio(trackSeconds)}, rendered in ${ratio(renderSeconds)}`);
}
