/** npm run build:package: builds the package peekaboo-face into lib. `npm pack` runs it. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { licencesOf, packageOf } from '../lib/bundle-licences.mjs';
import { prepareModels } from '../lib/prepare-models.mjs';
import { assetsModule, rawText, separateWorkers } from './assets-module.mjs';
import { ASSETS, COPIED, ENTRIES, EXTERNAL, LIB, ROOT, STANDALONE, WORKER } from './contents.mjs';
import { buildTypes } from './types.mjs';

const common = {
  cwd: ROOT,
  platform: 'browser',
  transform: { target: 'es2022' },
  // onnxruntime-web without its WebAssembly loaders: those are files of the assets folder.
  resolve: { conditionNames: ['onnxruntime-web-use-extern-wasm', 'browser', 'import', 'module', 'default'] },
};

/** Parts in files of their own, so that bundlers leave them out of apps that do not use them. */
const GROUPS = [
  {
    name: 'tracker',
    test: /src\/(face|focus|smoothing|pipeline|assets\/asset-(urls|error)|tracker\/(?!explain|element))/,
    priority: 2,
  },
  { name: 'occlusion', test: /src\/occlusion\//, priority: 1 },
  { name: 'elements', test: /src\/capture\/(element-frames|media-clock)\b/, priority: 2 },
  { name: 'sources', test: /src\/capture\//, priority: 1 },
  { name: 'events', test: /src\/events\//, priority: 1 },
];

const isExternal = (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`));

const isBabylonFile = (id) => /^@babylonjs\/\w+\/.*[^/]$/.test(id);
/** Folders whose index file is imported. */
const BABYLON_FOLDERS = ['@babylonjs/loaders/glTF/2.0'];

/** The name of a file of Babylon.js with its ending, which Node and webpack require of packages that are ES modules. */
function completed(id) {
  if (BABYLON_FOLDERS.includes(id)) return `${id}/index.js`;
  return id.endsWith('.js') ? id : `${id}.js`;
}

const completeBabylon = {
  name: 'peekaboo:babylon',
  resolveId: (id) => (isBabylonFile(id) ? { id: completed(id), external: true } : null),
};

/** Copies the files of the assets folder. */
function copyAssets() {
  for (const [name, path] of Object.entries(COPIED)) {
    const target = join(ASSETS, name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(ROOT, path), target);
  }
}

/** Builds the modules that apps import; packages in `dependencies` stay imports. */
async function buildEntries() {
  const workers = new Map();
  const built = await build({
    ...common,
    input: ENTRIES,
    external: (id) => isExternal(id) && !isBabylonFile(id),
    plugins: [
      assetsModule('./assets/'),
      rawText,
      completeBabylon,
      separateWorkers((source, file) => workers.set(file, source)),
    ],
    output: {
      dir: LIB,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
      codeSplitting: { groups: GROUPS },
    },
  });
  for (const [file, source] of workers) await buildSingle(source, join(LIB, file), [rawText]);
  return built;
}

/** Builds a module that imports no other file. */
function buildSingle(input, file, plugins) {
  return build({
    ...common,
    input,
    plugins,
    output: { file, format: 'esm', sourcemap: true, minify: true, codeSplitting: false },
  });
}

/** Names of the packages whose code is part of built files. */
function bundledPackages(outputs) {
  const chunks = outputs.flatMap(({ output }) => output).filter(({ type }) => type === 'chunk');
  return chunks.flatMap(({ moduleIds }) => moduleIds.map(packageOf)).filter(Boolean);
}

/** Builds everything into lib. */
export async function buildPackage() {
  prepareModels();
  rmSync(LIB, { recursive: true, force: true });
  copyAssets();
  const outputs = [await buildEntries()];
  outputs.push(await buildSingle('src/pipeline/worker.ts', join(ASSETS, WORKER), [rawText]));
  outputs.push(await buildSingle(ENTRIES.index, join(ASSETS, STANDALONE), [assetsModule('./'), rawText]));
  writeFileSync(
    join(ASSETS, 'THIRD-PARTY.txt'),
    licencesOf(['@mediapipe/face_detection', ...bundledPackages(outputs)]),
  );
  copyFileSync(join(import.meta.dirname, 'cli.mjs'), join(LIB, 'cli.mjs'));
  await buildTypes();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildPackage();
