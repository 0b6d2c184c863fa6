/** Writes results: frames.jsonl, masks, meshes, overlays (docs/formats.md). */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../lib/input-error.mjs';
import { EXPORT_FILES } from './exports.mjs';
import { openLandmarks } from './landmarks.mjs';
import { writeTables } from './tables.mjs';

const LINES = 'frames.jsonl';
const RUN = 'run.json';
const FOLDERS = ['masks', 'meshes', 'overlay'];
const TABLES = ['frames.csv', 'faces.npz', ...Object.values(EXPORT_FILES)];

/** What happens to earlier results in a folder: 'new' refuses them, 'force' replaces them, 'resume' continues them. */
export const MODES = ['new', 'force', 'resume'];

/** Makes the folder; throws InputError when its name is taken by a file or it cannot be written. */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    if (!statSync(folder).isDirectory()) throw new Error('not a folder');
  } catch (error) {
    throw new InputError(`--out ${folder}: cannot be made (${error.message})`);
  }
}

const isFilled = (folder) => existsSync(folder) && statSync(folder).isDirectory() && readdirSync(folder).length > 0;

/** Names of earlier results in a folder. */
function earlierResults(folder) {
  const files = [LINES, ...TABLES].filter((name) => existsSync(join(folder, name)));
  return [...files, ...FOLDERS.filter((name) => isFilled(join(folder, name)))];
}

/** The record of the run that wrote the results in a folder; null without one. */
function readRun(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, RUN), 'utf8'));
  } catch {
    return null;
  }
}

/** Throws InputError when an earlier run used other options: its lines and new ones do not belong together. */
function checkOptions(folder, options) {
  const earlier = readRun(folder)?.options;
  if (!earlier) return;
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(options)])];
  const changed = names.filter((name) => (earlier[name] ?? null) !== (options[name] ?? null));
  if (changed.length === 0) return;
  const list = changed.map((name) => `--${name} (${earlier[name] ?? 'not given'})`).join(', ');
  throw new InputError(`--resume: the earlier run in ${folder} used other options: ${list}. Use them, or --force`);
}

/**
 * Checks an output folder; makes and changes nothing.
 * @param {string} folder
 * @param {string} mode  one of MODES
 * @param {Record<string, unknown>} options  of the run, which a resumed run must share
 * @throws {InputError} when the folder's name is taken by a file, and for earlier results that `mode` does not permit
 */
export function checkFolder(folder, mode, options) {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new InputError(`--out ${folder}: a file of that name is there`);
  if (mode === 'resume') checkOptions(folder, options);
  const earlier = mode === 'new' ? earlierResults(folder) : [];
  if (earlier.length === 0) return;
  throw new InputError(
    `--out ${folder}: there are earlier results (${earlier.join(', ')}). ` +
      'Use --resume to continue them, --force to replace them, or another folder',
  );
}

/** Removes the results of an earlier run, which frames.jsonl marks; other files of the folder stay. */
function removeEarlier(folder) {
  if (!existsSync(join(folder, LINES))) return;
  for (const name of [...FOLDERS, ...TABLES, RUN]) rmSync(join(folder, name), { recursive: true, force: true });
}

/** The complete lines of frames.jsonl; a last line that was cut off by an interruption is removed from the file. */
function readLines(path) {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const length = bytes.lastIndexOf(10) + 1;
  if (length < bytes.length) {
    const file = openSync(path, 'r+');
    ftruncateSync(file, length);
    closeSync(file);
  }
  const text = bytes.subarray(0, length).toString('utf8');
  return text.split('\n').filter(Boolean);
}

function fileOf(line, path) {
  try {
    return JSON.parse(line).file;
  } catch {
    throw new InputError(`${path}: a line is damaged, so the run cannot be resumed. Use --force to start again`);
  }
}

/**
 * What a resumed run can keep of the results in a folder.
 * @returns {{ files: Set<string>, lines: number, complete: boolean }}  files: those that have a line; complete: the run
 *   had ended
 * @throws {InputError} for damaged results
 */
export function readEarlier(folder) {
  const path = join(folder, LINES);
  const lines = readLines(path);
  return {
    files: new Set(lines.map((line) => fileOf(line, path))),
    lines: lines.length,
    complete: readRun(folder)?.complete === true,
  };
}

/** A failure to write names its file: the disk may be full. */
function written(path, write) {
  try {
    return write();
  } catch (error) {
    throw new Error(`${path}: cannot be written (${error.message})`, { cause: error });
  }
}

/**
 * Opens an output folder. Results are written at once and in the order of the calls; a frame's line is written after its
 * other files, so that each line has all of them.
 * @param {string} folder
 * @param {{ mode?: string, options?: Record<string, unknown> }} [settings]  'new' and 'force' begin, 'resume' appends
 */
export function openOutput(folder, { mode = 'new', options = {} } = {}) {
  checkFolder(folder, mode, options);
  makeFolder(folder);
  if (mode === 'force') removeEarlier(folder);
  const path = join(folder, LINES);
  const lines = written(path, () => openSync(path, mode === 'resume' ? 'a' : 'w'));
  const write = (name, content, encoding) => {
    const file = join(folder, name);
    written(file, () => {
      if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, encoding);
    });
  };
  const record = (complete) => write(RUN, `${JSON.stringify({ version: 1, complete, options }, null, 1)}\n`);
  let landmarks;
  record(false);
  return {
    /**
     * @param {string} name  of the frame
     * @param {{ line: string, mask?: string, overlay?: string, texture?: string,
     *   mesh?: { obj: string, landmarks7: unknown } }} result
     */
    add(name, { line, mask, mesh, texture, overlay }) {
      if (mask) write(`masks/${name}.png`, mask, 'base64');
      if (overlay) write(`overlay/${name}.jpg`, overlay, 'base64');
      if (mesh) {
        const base = basename(name);
        write(`meshes/${name}.obj`, `mtllib ${base}.mtl\nusemtl skin\n${mesh.obj}`);
        write(`meshes/${name}.mtl`, `newmtl skin\nKd 1 1 1\nmap_Kd ${base}.png\n`);
        if (texture) write(`meshes/${name}.png`, texture, 'base64');
        landmarks ??= openLandmarks(join(folder, 'meshes/landmarks7.json'));
        landmarks.add(name, mesh.landmarks7);
      }
      written(path, () => writeSync(lines, `${line}\n`));
    },
    /**
     * Writes the tables that `options` requests, from all lines.
     * @param {boolean} complete  whether every frame was processed
     */
    async close(complete) {
      closeSync(lines);
      landmarks?.close();
      await writeTables(folder, options);
      record(complete);
    },
  };
}
