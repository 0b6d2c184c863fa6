/** Import rules, data only. `npm run imports` enforces them; docs/decisions/0007-import-rules.md explains the choice. */

/**
 * What the files of a folder (or of one file, without its ending) may import besides their own folder: other folders,
 * single files, packages. `*` stands for every package. A file outside these folders is an error, and so is an entry
 * that no file uses.
 */
export const FOLDERS = {
  'src/face': [],
  'src/assets': [],
  'src/focus': ['src/face', 'src/assets', 'valibot', 'onnxruntime-web'],
  'src/smoothing': ['src/face'],
  'src/events': ['src/face', 'rxjs'],
  'src/capture': ['src/face', 'rxjs', 'mediabunny'],
  'src/pipeline': ['src/face', 'src/assets', 'src/focus', 'src/smoothing', 'rxjs', '@mediapipe/tasks-vision'],
  'src/render': [
    'src/face',
    'src/capture/blob-source',
    '@babylonjs/core',
    '@babylonjs/loaders',
    '@jridgewell/trace-mapping',
    'mediabunny',
    'valibot',
  ],
  'src/filters': ['src/render/filter-api'],
  'src/service-worker': [],
  'src/tracker': ['src/face', 'src/assets', 'src/smoothing', 'src/capture', 'src/pipeline', 'rxjs'],
  'src/occlusion': ['src/face'],
  'src/library': [
    'src/face',
    'src/focus',
    'src/occlusion',
    'src/smoothing',
    'src/events',
    'src/capture',
    'src/pipeline',
    'src/tracker',
  ],
  'src/index': ['src/assets', 'src/library', 'src/capture', 'src/pipeline', 'src/tracker'],
  'src/package': [
    'src/library',
    'src/tracker',
    'src/render',
    'src/filters',
    'virtual:assets',
    'virtual:filters',
    'rxjs',
    'react',
    '@mediapipe/tasks-vision',
  ],
  'src/recording': ['src/face', 'idb', 'valibot'],
  'src/output': ['src/face', 'rxjs', 'valibot'],
  'src/offline': [
    'src/face',
    'src/smoothing',
    'src/capture',
    'src/recording',
    'src/render',
    'src/index',
    'fflate',
    'mediabunny',
  ],
  'src/headless': [
    'src/face',
    'src/recording',
    'src/capture',
    'src/offline',
    'src/render',
    'src/filters',
    'src/index',
    'rxjs',
  ],
  'src/app': [
    'src/face',
    'src/recording',
    'src/output',
    'src/assets',
    'src/smoothing',
    'src/capture',
    'src/service-worker',
    'src/pipeline',
    'src/offline',
    'src/render',
    'src/filters',
    'src/occlusion',
    'src/index',
    'rxjs',
    'valibot',
    'uplot',
    'idb-keyval',
    'tinykeys',
  ],
  bench: ['src', 'rxjs', '@babylonjs/core', '@mediapipe/tasks-vision'],
  tools: ['*'],
  'training/peekaboo_training': [],
  'python/peekaboo_reader': [],
};

/**
 * Layers inside a folder, the lowest first. A layer lists subfolders, and files without their ending. Each may import
 * lower layers, but nothing else of its own layer. Files of the folder itself that no layer lists are the top layer.
 */
export const LAYERS = {
  'src/render': [
    ['engine', 'view', 'light'],
    ['picture', 'mesh', 'overlay', 'avatar', 'take'],
    ['occluder', 'filter'],
    ['kit'],
  ],
  'src/app': [['settings', 'readings'], ['session'], ['stage'], ['ui']],
  bench: [['truth', 'rival', 'soak'], ['mask', 'time'], ['speed']],
  tools: [
    ['lib', 'import-rules'],
    ['allocations', 'filter-assets', 'imports', 'package', 'soak', 'test', 'track'],
    ['docs'],
  ],
  'training/peekaboo_training': [
    ['settings'],
    ['face_model', 'covers'],
    ['scene'],
    ['data', 'network', 'hand_bank'],
    ['portraits'],
    ['dataset'],
    ['bundle', 'fit'],
    ['learn'],
    ['measure', 'character'],
  ],
};

/** Packages that only the named files may import. */
export const SINGLE_IMPORTERS = {
  'onnxruntime-web': ['src/focus/session.ts', 'src/focus/wasm-model.ts'],
  '@mediapipe/tasks-vision': [
    'src/pipeline/detect/mediapipe-model.ts',
    'src/package/mediapipe.ts',
    'src/package/mediapipe/face-landmarker.ts',
    'bench/rival/rival-worker.ts',
  ],
};

/** No folder below these holds more source files than this; its subfolders count for themselves. */
export const FOLDER_SIZE = { below: ['src', 'training'], most: 25 };

/** Modules of Python that stand for a folder of the project. */
export const PYTHON_PACKAGES = {
  peekaboo_training: 'training/peekaboo_training',
  peekaboo_reader: 'python/peekaboo_reader',
};

/** Imports that break a rule for now, as `importing file → imported file`. An entry that is not needed is an error. */
export const EXCEPTIONS = [];
