/** Compressed copies of the files of a built site, next to them: NAME.br and NAME.gz. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ENCODINGS } from './served-file.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
/** Copies by the SHA-256 of the file: the largest files take a minute and seldom change. */
const CACHE = join(ROOT, '.cache/compressed');

/** Pictures and videos are compressed already. */
const COMPRESSIBLE = /\.(m?js|css|html|json|webmanifest|svg|txt|wasm|onnx|bin|tflite|glb)$/;
const LEAST_BYTES = 512;
/** A copy that is not smaller than this share of the file is not kept. */
const MOST_SHARE = 0.95;

const CODINGS = {
  [ENCODINGS.br]: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  [ENCODINGS.gzip]: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

/** Whether a file is a compressed copy, by its name. */
export const isCopy = (name) => Object.values(ENCODINGS).some((ending) => name.endsWith(ending));

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
}

/** Deletes all compressed copies: those of files that are replaced have the former content. */
export function removeCopies(folder) {
  for (const name of filesBelow(folder)) if (isCopy(name)) rmSync(join(folder, name));
}

/** The compressed copy of some bytes in the cache; made if it is not there. */
async function compressed(bytes, hash, ending, cache) {
  const path = join(cache, hash + ending);
  if (!existsSync(path)) {
    const made = await CODINGS[ending](bytes);
    writeFileSync(`${path}.part`, made);
    renameSync(`${path}.part`, path);
  }
  return path;
}

async function compressFile(path, cache) {
  const bytes = readFileSync(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  for (const ending of Object.keys(CODINGS)) {
    const made = await compressed(bytes, hash, ending, cache);
    if (statSync(made).size <= MOST_SHARE * bytes.length) copyFileSync(made, path + ending);
  }
}

/**
 * Writes the compressed copies of the files as they are now; former copies are deleted. Takes minutes the first time.
 * @param {string} folder
 * @param {{ say?: (text: string) => void, cache?: string }} [options]
 */
export async function compressSite(folder, { say = () => {}, cache = CACHE } = {}) {
  mkdirSync(cache, { recursive: true });
  removeCopies(folder);
  const names = filesBelow(folder).filter((name) => COMPRESSIBLE.test(name));
  const waiting = names.map((name) => join(folder, name)).filter((path) => statSync(path).size >= LEAST_BYTES);
  waiting.sort((a, b) => statSync(b).size - statSync(a).size);
  say(`Compressing ${waiting.length} files…`);
  const next = async () => {
    for (let path = waiting.shift(); path; path = waiting.shift()) await compressFile(path, cache);
  };
  await Promise.all([next(), next(), next()]);
}
