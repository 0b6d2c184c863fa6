/** The examples of the site: built from the packed package, with one folder of the package's files for all of them. */
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ASSETS, ROOT } from '../package/contents.mjs';
import { buildExample, EXAMPLES } from '../package/examples.mjs';

/** Smaller files are left where they are. */
const SMALLEST_SHARED = 8192;
const TEXT = /\.(m?js|html|css)$/;

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const hashOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Copies the package's files, and returns their paths by the hash of their content. */
function shareAssets(folder) {
  cpSync(ASSETS, folder, { recursive: true, filter: (path) => !path.endsWith('.map') });
  return new Map(filesBelow(folder).map((path) => [hashOf(path), path]));
}

/** Deletes an example's copies of shared files; its code then names those of the shared folder. */
function useShared(folder, shared) {
  const files = filesBelow(folder);
  const copies = files.filter((path) => statSync(path).size > SMALLEST_SHARED && shared.has(hashOf(path)));
  const places = copies.map((path) => [basename(path), shared.get(hashOf(path))]);
  for (const path of copies) rmSync(path);
  for (const path of files.filter((name) => TEXT.test(name) && !copies.includes(name))) {
    let text = readFileSync(path, 'utf8');
    for (const [name, target] of places) {
      const escaped = name.replaceAll('.', '\\.');
      const address = relative(dirname(path), target).split(sep).join('/');
      text = text.replace(new RegExp(`(?<=["'\`])(?:[\\w.-]+/)*${escaped}(?=["'\`])`, 'g'), address);
    }
    writeFileSync(path, text);
  }
}

/** Adds the script that replaces the camera. */
function addClip(page, script) {
  const address = relative(dirname(page), script).split(sep).join('/');
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(/<head>/i, `<head>\n    <script src="${address}"></script>`));
}

/**
 * Builds examples into a folder of the site. Returns the page of each, relative to that folder.
 * @param {readonly string[]} names
 * @param {string} tarball
 * @param {string} folder
 * @returns {Promise<Record<string, string>>}
 */
export async function addExamples(names, tarball, folder) {
  const shared = shareAssets(join(folder, 'assets'));
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(ROOT, 'public/generated/sample.mp4'), join(folder, 'sample.mp4'));
  copyFileSync(join(import.meta.dirname, 'clip-camera.js'), join(folder, 'clip-camera.js'));
  const pages = {};
  for (const name of names.filter((candidate) => EXAMPLES[candidate].runs)) {
    const target = join(folder, name);
    cpSync(await buildExample(name, tarball, { relative: true }), target, { recursive: true });
    useShared(target, shared);
    const page = EXAMPLES[name].page ?? 'index.html';
    addClip(join(target, page), join(folder, 'clip-camera.js'));
    pages[name] = `${name}/${page}`;
  }
  return pages;
}
