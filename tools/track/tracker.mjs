/** The headless tracker: pictures and videos into folders of results. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../lib/input-error.mjs';
import { openBrowserPage } from './browser-page.mjs';
import { trackImages } from './images.mjs';
import { trackVideo } from './video.mjs';

const MODELS = resolve(import.meta.dirname, '../../public/models');

/** Files a bundle is served as: a name below public/models, or a folder anywhere. */
export function bundleFiles(bundle) {
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

/**
 * Starts the page with a bundle.
 * @param {object} options
 * @param {string} options.bundle
 * @param {string} options.provider
 * @param {number} [options.threads]
 * @param {boolean} [options.smooth]
 * @param {number} [options.faces]
 * @param {boolean} [options.masks]
 * @param {boolean} [options.meshes]
 * @param {boolean} [options.overlay]
 * @param {boolean} [options.points478]
 * @param {number} [options.fov]
 * @param {{ mode?: string, signal?: AbortSignal }} [run]  mode: what happens to earlier results, see output.mjs
 * @throws {InputError} when there is no such bundle, or it is refused
 */
export async function openTracker(options, { mode = 'new', signal = new AbortController().signal } = {}) {
  const files = bundleFiles(options.bundle);
  const bundle = files.size > 0 ? 'models/__bundle/' : `models/${options.bundle}/`;
  const page = await openBrowserPage(files, { ...options, bundle });
  const session = { page, files, signal, output: { mode, options: sharedOptions(options) } };
  return {
    provider: page.provider,
    /** @param {readonly import('./inputs.mjs').Input[]} images @param {string} out */
    images: (images, out) => trackImages(session, images, out),
    /** @param {import('./inputs.mjs').Input} video @param {string} out */
    video: (video, out) => trackVideo(session, video, out),
    close: page.close,
  };
}

/** The options that decide what results contain; a resumed run must have the same. */
export function sharedOptions({ provider: _provider, threads: _threads, ...options }) {
  return options;
}
