/** What the tracker is given: pictures, folders of pictures, videos. */
import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { InputError } from '../lib/input-error.mjs';

const IMAGES = new Set(['.jpg', '.jpeg', '.jfif', '.png', '.webp', '.bmp', '.gif', '.avif']);
const VIDEOS = new Set(['.mp4', '.m4v', '.mov', '.webm', '.mkv']);

const kindOf = (path) => {
  const ending = extname(path).toLowerCase();
  if (IMAGES.has(ending)) return 'image';
  return VIDEOS.has(ending) ? 'video' : null;
};

const stem = (path) => basename(path, extname(path));

/** Folders are not searched deeper; hidden files and other kinds are left out; sorted by name. */
function filesOf(folder) {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && kindOf(entry.name))
    .map((entry) => entry.name)
    .sort();
  if (names.length === 0) throw new InputError(`${folder}: no images or videos in this folder`);
  return names.map((name) => join(folder, name));
}

function expand(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputError(`${path}: no such file or folder`);
  if (stat.isDirectory()) return filesOf(path);
  if (!kindOf(path)) {
    throw new InputError(`${path}: neither an image (${[...IMAGES].join(' ')}) nor a video (${[...VIDEOS].join(' ')})`);
  }
  return [path];
}

/** Each file's name for what is written: its stem, or its whole name where another file has the same stem before it. */
function withNames(paths) {
  const taken = new Set();
  return paths.map((path) => {
    const name = [stem(path), basename(path)].find((candidate) => !taken.has(candidate));
    if (!name) throw new InputError(`${path}: two inputs have this name; track them in two runs`);
    taken.add(name);
    return { path, name };
  });
}

/**
 * The files behind the arguments.
 * @param {readonly string[]} inputs
 * @returns {{ images: { path: string, name: string }[], videos: { path: string, name: string }[] }}
 * @throws {InputError} for what does not exist, is empty, or is of no known kind
 */
export function listInputs(inputs) {
  const paths = [...new Set(inputs.flatMap(expand))];
  const of = (kind) => withNames(paths.filter((path) => kindOf(path) === kind));
  return { images: of('image'), videos: of('video') };
}
