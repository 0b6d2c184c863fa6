/** The modules of src/package/virtual.d.ts, and files imported as text with `?raw`, for Rolldown. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import MagicString from 'magic-string';
import { BUNDLE, FILTER_FILES, REQUESTED } from './contents.mjs';

/** A module that exports a function with the addresses of files, by their name below the assets folder. */
const urlsModule = (name, folder, files) => {
  const urls = files.map((file) => `  '${file}': new URL('${folder}${file}', import.meta.url).href,`);
  return `export const ${name} = () => ({\n${urls.join('\n')}\n});`;
};

/**
 * `folder`: of the assets, relative to the built module. Each file has its own literal `new URL`, so that bundlers find it,
 * and copy it next to their output. They are in a function: importing the module resolves nothing.
 * @param {string} folder
 */
export function assetsModule(folder) {
  const modules = {
    'virtual:assets': `export const DEFAULT_BUNDLE = '${BUNDLE}';\n${urlsModule('ASSET_FILES', folder, REQUESTED)}`,
    'virtual:filters': urlsModule('FILTER_FILES', folder, FILTER_FILES),
  };
  return {
    name: 'peekaboo:assets',
    resolveId: (id) => (Object.hasOwn(modules, id) ? `\0${id}` : null),
    load: (id) => modules[id.slice(1)] ?? null,
  };
}

/** Files imported with `?raw`: their text. */
export const rawText = {
  name: 'peekaboo:raw',
  resolveId: (id, importer) => (id.endsWith('?raw') ? `\0raw:${resolve(dirname(importer), id.slice(0, -4))}.js` : null),
  load: (id) =>
    id.startsWith('\0raw:') ? `export default ${JSON.stringify(readFileSync(id.slice(5, -3), 'utf8'))};` : null,
};

/** Workers of the drawing code: `new URL('./NAME.ts', import.meta.url)`, as development servers start them. */
const WORKER_URL = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g;

/**
 * Workers become files of their own next to the built modules. `onWorker` gets the path of each source and the name of the
 * file to build.
 * @param {(source: string, file: string) => void} onWorker
 */
export const separateWorkers = (onWorker) => ({
  name: 'peekaboo:workers',
  transform(code, id) {
    if (!code.match(WORKER_URL)) return null;
    const text = new MagicString(code);
    text.replaceAll(WORKER_URL, (_, name) => {
      onWorker(resolve(dirname(id), `${name}.ts`), `${name}.mjs`);
      return `new URL('./${name}.mjs', import.meta.url)`;
    });
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
});
