/** What the package holds, data only. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
/** The built package; `files` of package.json names it. */
export const LIB = join(ROOT, 'lib');
export const ASSETS = join(LIB, 'assets');

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** Name of the weights in the package; the page uses the same. */
export const BUNDLE = readJson('src/assets/default-bundle.json').name;

/** Entry points by their name in `exports`. */
export const ENTRIES = {
  index: 'src/package/index.ts',
  babylon: 'src/package/babylon.ts',
  mediapipe: 'src/package/mediapipe.ts',
  react: 'src/package/react.ts',
};

const { dependencies, peerDependencies } = readJson('package.json');

/** Packages that are installed with this one, or by the app; everything else is part of the built files. */
export const EXTERNAL = Object.keys({ ...dependencies, ...peerDependencies });

const { files } = readJson(`public/models/${BUNDLE}/manifest.json`);

/** Pictures of filters, by their path below public and in the assets folder. */
export const FILTER_FILES = readdirSync(join(ROOT, 'public/filters'))
  .filter((name) => name.endsWith('.png'))
  .sort()
  .map((name) => `filters/${name}`);

/** The files of the assets folder that are copied, by their name in it: path in the project. */
export const COPIED = {
  ...Object.fromEntries(
    ['manifest.json', 'MODEL_CARD.md', ...Object.values(files)].map((name) => [
      `models/${BUNDLE}/${name}`,
      `public/models/${BUNDLE}/${name}`,
    ]),
  ),
  ...Object.fromEntries(
    [
      'detectors/face_detection_short_range.tflite',
      'detectors/face_detection_short_range.onnx',
      'detectors/face_detection_full_range_sparse.tflite',
      'detectors/face_detection_full_range_sparse.onnx',
      'wasm/ort-wasm-simd-threaded.mjs',
      'wasm/ort-wasm-simd-threaded.wasm',
      'wasm/ort-wasm-simd-threaded.asyncify.mjs',
      'wasm/ort-wasm-simd-threaded.asyncify.wasm',
      'wasm/ort-wasm-simd-threaded.jspi.mjs',
      'wasm/ort-wasm-simd-threaded.jspi.wasm',
      'wasm/vision_wasm_module_internal.mjs',
      'wasm/vision_wasm_module_internal.wasm',
    ].map((name) => [name, `public/generated/${name}`]),
  ),
  ...Object.fromEntries(FILTER_FILES.map((name) => [name, `public/${name}`])),
  LICENSE: 'LICENSE',
  NOTICE: 'NOTICE',
  'Apache-2.0.txt': 'licenses/Apache-2.0.txt',
};

export const WORKER = 'worker.mjs';
/** The tracker with everything it imports, for pages without a bundler; in the assets folder, so that it finds the files. */
export const STANDALONE = 'peekaboo-face.mjs';

/** Files of the assets folder that the tracker requests. */
export const REQUESTED = [
  WORKER,
  ...Object.keys(COPIED).filter((name) => /\.(json|onnx|bin|tflite|mjs|wasm)$/.test(name)),
];
