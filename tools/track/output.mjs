/** Writes what was tracked: frames.jsonl, masks, meshes, overlays (docs/formats.md). */
import { createWriteStream, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../lib/input-error.mjs';

/** Makes the folder; throws InputError when its name is taken by a file or it cannot be written. */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    if (!statSync(folder).isDirectory()) throw new Error('not a folder');
  } catch (error) {
    throw new InputError(`--out ${folder}: cannot be made (${error.message})`);
  }
}

/** Throws InputError when the folder's name is taken by a file; makes nothing. */
export function checkFolder(folder) {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new InputError(`--out ${folder}: a file of that name is there`);
}

/** Takes away the results of an earlier run, which frames.jsonl tells; other files of the folder stay. */
function removeEarlier(folder) {
  if (!existsSync(join(folder, 'frames.jsonl'))) return;
  for (const name of ['masks', 'meshes', 'overlay']) rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Opens an output folder; results of an earlier run there are replaced. Results are written in the order of the calls.
 * @param {string} folder
 */
export function openOutput(folder) {
  makeFolder(folder);
  removeEarlier(folder);
  const lines = createWriteStream(join(folder, 'frames.jsonl'));
  const failed = new Promise((_, reject) => lines.once('error', reject));
  failed.catch(() => {});
  const landmarks7 = {};
  const write = (name, content, encoding) => {
    const path = join(folder, name);
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, encoding);
  };
  return {
    /** @param {string} name  of the frame @param result  the page's FrameResult */
    add(name, { line, mask, mesh, overlay }) {
      lines.write(`${line}\n`);
      if (mask) write(`masks/${name}.png`, mask, 'base64');
      if (overlay) write(`overlay/${name}.jpg`, overlay, 'base64');
      if (mesh) {
        write(`meshes/${name}.obj`, mesh.obj);
        landmarks7[name] = mesh.landmarks7;
      }
    },
    /** Resolves when everything is on disk. */
    async close() {
      if (Object.keys(landmarks7).length > 0) write('meshes/landmarks7.json', JSON.stringify(landmarks7));
      await Promise.race([failed, new Promise((done) => lines.end(done))]);
    },
  };
}
