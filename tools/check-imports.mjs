/** npm run imports: who may import whom in src (docs/architecture.md), which file alone may import what, no cycles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Room: folders of src (or files) and packages it may import besides its own files. A trailing / takes a folder in. */
const ROOMS = {
  'src/face': [],
  'src/focus': ['src/face', 'valibot', 'onnxruntime-web'],
  'src/smoothing': ['src/face'],
  'src/events': ['src/face', 'rxjs'],
  'src/capture': ['src/face', 'rxjs', 'mediabunny'],
  'src/pipeline': ['src/face', 'src/focus', 'src/smoothing', 'rxjs', 'valibot', '@mediapipe/tasks-vision'],
  'src/render': ['src/face', 'rxjs', '@babylonjs/core', '@babylonjs/loaders', 'mediabunny', 'valibot'],
  'src/filters': ['src/render/filter-api', 'src/face'],
  'src/headless': ['src/face', 'src/capture', 'src/pipeline', 'src/index', 'rxjs'],
  'src/app': [
    'src/face',
    'src/smoothing',
    'src/events',
    'src/capture',
    'src/pipeline',
    'src/render',
    'src/filters',
    'src/index',
    'rxjs',
    'valibot',
    'uplot',
    'idb-keyval',
    'tinykeys',
  ],
  'src/index': ['src/pipeline', 'src/capture', 'src/events', 'src/smoothing', 'src/face', 'rxjs'],
};

/** Packages that one file alone may import. */
const ONLY = {
  'onnxruntime-web': 'src/focus/session.ts',
  '@mediapipe/tasks-vision': 'src/pipeline/detect.ts',
};

const STATIC = /(?:^|[;}\s])(?:import|export)\s+(type\s+)?(?:[\w$*{][^'";]*?\sfrom\s*)?['"]([^'"]+)['"]/g;
const DYNAMIC = /\bimport\s*\(\s*['"]([^'"]+)['"]/g;
const BY_URL = /\bnew\s+URL\s*\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url/g;

const withoutComments = (code) => code.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

/**
 * What a TypeScript source imports; `value` is false where only types are taken.
 * @returns {{ specifier: string, value: boolean }[]}
 */
export function importsOf(code) {
  const bare = withoutComments(code);
  const fixed = [...bare.matchAll(STATIC)].map(([, type, specifier]) => ({ specifier, value: !type }));
  const later = [DYNAMIC, BY_URL].flatMap((pattern) => [...bare.matchAll(pattern)]);
  return [...fixed, ...later.map(([, specifier]) => ({ specifier, value: true }))];
}

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A relative import as a file of the project, with forward slashes; its query left off. */
function fileOf(from, specifier, files) {
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  return [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => files.has(candidate)) ?? path;
}

const roomOf = (file) => Object.keys(ROOMS).find((room) => file === `${room}.ts` || file.startsWith(`${room}/`));

const allows = (allowed, target) =>
  allowed.some((name) => target === name || target === `${name}.ts` || target.startsWith(`${name}/`));

/** Problems of one import; `target` is a project file or a package. */
function judge(file, room, target) {
  const only = ONLY[target];
  if (only && only !== file) return [`${file} imports ${target}: only ${only} may`];
  if (roomOf(target) === room || allows(ROOMS[room], target)) return [];
  return [`${file} imports ${target}: ${room} may not`];
}

/** Cycles of files that import each other's values, each as a list of files. Types vanish and make none. */
function findCycles(graph) {
  const cycles = [];
  const state = new Map();
  const visit = (file, path) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

/**
 * Checks sources against the table.
 * @param {Map<string, string>} sources  path from the project's root (forward slashes) to code
 * @returns {string[]} what is wrong, empty when all is well
 */
export function checkImports(sources) {
  const problems = [];
  const graph = new Map();
  for (const [file, code] of sources) {
    const room = roomOf(file);
    if (!room) problems.push(`${file}: in no room of the table`);
    const targets = importsOf(code).map(({ specifier, value }) => ({
      value,
      target: specifier.startsWith('.') ? fileOf(file, specifier, sources) : packageOf(specifier),
    }));
    if (room) problems.push(...targets.flatMap(({ target }) => judge(file, room, target)));
    graph.set(
      file,
      targets.filter(({ target, value }) => value && sources.has(target)).map(({ target }) => target),
    );
  }
  return [...problems, ...findCycles(graph).map((files) => `import cycle: ${files.join(' → ')}`)];
}

/** The TypeScript sources below a folder of the project. */
export function readSources(root, folder = 'src') {
  const top = join(root, folder);
  if (!existsSync(top)) return new Map();
  const names = readdirSync(top, { recursive: true }).filter((name) => name.endsWith('.ts'));
  return new Map(
    names
      .sort()
      .map((name) => [relative(root, join(top, name)).split(sep).join('/'), readFileSync(join(top, name), 'utf8')]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sources = readSources(resolve(dirname(import.meta.filename), '..'));
  const problems = checkImports(sources);
  for (const problem of problems) console.error(problem);
  console.log(`imports: ${sources.size} files, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
