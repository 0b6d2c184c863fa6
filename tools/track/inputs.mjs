/** The inputs of the tracker: pictures, folders of pictures, videos. */
import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../lib/input-error.mjs';

const IMAGES = new Set(['.jpg', '.jpeg', '.jfif', '.png', '.webp', '.bmp', '.gif', '.avif']);
const VIDEOS = new Set(['.mp4', '.m4v', '.mov', '.webm', '.mkv']);
/** Pictures and videos that Chromium does not decode, and what they can be converted to. */
const OTHERS = new Map([
  ...['.heic', '.heif', '.tif', '.tiff', '.jp2', '.jxl', '.psd', '.dng', '.cr2', '.cr3', '.nef', '.arw'].map(
    (ending) => [ending, 'JPEG or PNG'],
  ),
  ...['.avi', '.mpg', '.mpeg', '.wmv', '.flv', '.mts', '.m2ts', '.3gp', '.ogv'].map((ending) => [
    ending,
    'MP4 (H.264)',
  ]),
]);

const endingOf = (path) => extname(path).toLowerCase();

const kindOf = (path) => {
  const ending = endingOf(path);
  if (IMAGES.has(ending)) return 'image';
  return VIDEOS.has(ending) ? 'video' : null;
};

const withoutEnding = (path) => path.slice(0, path.length - extname(path).length);

/** A file that is tracked: its path, and its label relative to the folder that was given. */
const asInput = (path, folder) => ({ path, label: relative(folder, path).split(sep).join('/') });

function unsupported(path) {
  const target = OTHERS.get(endingOf(path));
  if (!target) return null;
  return `${path}: skipped, ${endingOf(path).slice(1).toUpperCase()} files cannot be read; convert it to ${target}`;
}

/**
 * Sorted by name; hidden files and files of other kinds are ignored. `failed` and `notes` receive one line for each
 * file and each subfolder that is skipped. Links to folders are not followed.
 */
function filesOf(folder, found, recursive, root = folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (recursive) filesOf(path, found, recursive, root);
      else found.notes.push(`${path}: skipped, it is a subfolder; use --recursive to include it`);
    } else if (kindOf(path)) found.files.push(asInput(path, root));
    else if (unsupported(path)) found.failed.push(unsupported(path));
  }
}

function addFolder(folder, found, recursive) {
  const before = found.files.length;
  const notes = found.notes.length;
  filesOf(folder, found, recursive);
  if (found.files.length > before) return;
  const hint = found.notes.length > notes ? '; use --recursive to include its subfolders' : '';
  throw new InputError([...found.failed, `${folder}: no images or videos in this folder${hint}`].join('\n'));
}

function addInput(path, found, recursive) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputError(`${path}: no such file or folder`);
  if (stat.isDirectory()) addFolder(path, found, recursive);
  else if (kindOf(path)) found.files.push({ path, label: basename(path) });
  else if (unsupported(path)) throw new InputError(unsupported(path).replace('skipped, ', ''));
  else {
    const known = `neither an image (${[...IMAGES].join(' ')}) nor a video (${[...VIDEOS].join(' ')})`;
    throw new InputError(`${path}: ${known}`);
  }
}

/**
 * Gives each file its label in frames.jsonl, `file`, and its name for other outputs: the label without its ending, or
 * the whole label where an earlier file has that name.
 */
function withNames(inputs) {
  const names = new Set();
  const labels = new Set();
  return inputs.map(({ path, label }) => {
    const name = [withoutEnding(label), label].find((candidate) => !names.has(candidate));
    if (!name) throw new InputError(`${path}: two inputs have this name; track them in two runs`);
    names.add(name);
    const file = labels.has(label) ? path : label;
    labels.add(file);
    return { path, file, name };
  });
}

/**
 * The files behind the arguments.
 * @param {readonly string[]} inputs
 * @param {{ recursive?: boolean }} [options]
 * @returns {{ images: Input[], videos: Input[], failed: string[], notes: string[] }}  failed: a line for each picture or
 *   video of an unsupported format; notes: a line for each subfolder that was not searched
 * @typedef {{ path: string, file: string, name: string }} Input
 * @throws {InputError} for an input that does not exist, is empty or has an unknown type
 */
export function listInputs(inputs, { recursive = false } = {}) {
  const found = { files: [], failed: [], notes: [] };
  for (const path of inputs) addInput(path, found, recursive);
  const files = [...new Map(found.files.map((file) => [resolve(file.path), file])).values()];
  const of = (kind) => withNames(files.filter(({ path }) => kindOf(path) === kind));
  return { images: of('image'), videos: of('video'), failed: found.failed, notes: found.notes };
}
