/** Compares imports with the rules. */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { EXCEPTIONS, FOLDER_SIZE, FOLDERS, LAYERS, SINGLE_IMPORTERS } from '../import-rules.mjs';
import { findCycles } from './cycles.mjs';
import { importsOf } from './resolve.mjs';

const packageName = /^(@[^/]+\/)?[^/]+$/;
const SOURCE_ENDINGS = /\.(ts|mjs|py|glsl|wgsl|css)$/;

const isIn = (path, folder) => path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}.`);
const folderOf = (file) => Object.keys(FOLDERS).find((folder) => isIn(file, folder));

/** The layer of a file in a layered folder, and its part of it; null for a subfolder that no layer names. */
function layerOf(root, file) {
  const layers = LAYERS[root];
  const [first, ...below] = file.slice(root.length + 1).split('/');
  const part = below.length > 0 ? first : posix.parse(first).name;
  const level = layers.findIndex((parts) => parts.includes(part));
  if (level >= 0) return { level, part };
  return below.length > 0 ? null : { level: layers.length, part: '' };
}

/** What is wrong with an import between two files of one layered folder; null when nothing is. */
function layerProblem(root, file, target) {
  const from = layerOf(root, file);
  const to = layerOf(root, target);
  if (!from || !to || from.part === to.part || to.level < from.level) return null;
  const name = from.part === '' ? root : `${root}/${from.part}`;
  return `${file} imports ${target}: ${name} may import only lower layers`;
}

/** Checks one import and remembers which entries of FOLDERS were needed. */
function importProblem(file, target, files, used) {
  const importers = SINGLE_IMPORTERS[target];
  if (importers && !importers.includes(file)) return `${file} imports ${target}: only ${importers.join(' and ')} may`;
  const folder = folderOf(file);
  if (!folder || isBuiltin(target)) return null;
  if (isIn(target, folder)) return LAYERS[folder] ? layerProblem(folder, file, target) : null;
  const isPackage = !files.has(target) && packageName.test(target);
  const entries = FOLDERS[folder].filter((entry) => isIn(target, entry) || (entry === '*' && isPackage));
  for (const entry of entries) used.add(`${folder} → ${entry}`);
  return entries.length > 0 ? null : `${file} imports ${target}: ${folder} may not`;
}

/** Problems of a file in no folder of the rules, or in a subfolder that no layer names. */
function placeProblems(file) {
  const folder = folderOf(file);
  if (!folder) return [`${file}: no rule for this folder in tools/import-rules.mjs`];
  const misplaced = LAYERS[folder] && !layerOf(folder, file);
  return misplaced ? [`${file}: no layer of ${folder} names this subfolder in tools/import-rules.mjs`] : [];
}

function unusedEntries(used) {
  return Object.entries(FOLDERS).flatMap(([folder, entries]) =>
    entries
      .filter((entry) => !used.has(`${folder} → ${entry}`))
      .map((entry) => `tools/import-rules.mjs: nothing in ${folder} imports ${entry}; delete the entry`),
  );
}

/** Folders that hold too many sources. */
function sizeProblems(files) {
  const counts = new Map();
  for (const file of files) {
    if (!SOURCE_ENDINGS.test(file) || !FOLDER_SIZE.below.some((root) => isIn(file, root))) continue;
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > FOLDER_SIZE.most)
    .map(([folder, count]) => `${folder}: ${count} source files; a folder holds at most ${FOLDER_SIZE.most}`);
}

/** Problems of the sources by themselves; imports that EXCEPTIONS allows are collected instead. */
export function checkSources(sources, used = new Set(), excepted = new Set()) {
  const problems = [];
  const graph = new Map();
  const isExcepted = (file, target) => {
    const entry = `${file} → ${target}`;
    if (EXCEPTIONS.includes(entry)) excepted.add(entry);
    return excepted.has(entry);
  };
  for (const [file, code] of sources) {
    problems.push(...placeProblems(file));
    const targets = importsOf(file, code, sources);
    for (const target of targets) {
      const problem = importProblem(file, target, sources, used);
      if (problem && !isExcepted(file, target)) problems.push(problem);
    }
    const imported = targets.filter((target) => sources.has(target));
    graph.set(file, imported);
  }
  const cycles = findCycles(graph).filter((files) => !files.some((file, i) => i > 0 && isExcepted(files[i - 1], file)));
  return [...problems, ...cycles.map((files) => `import cycle: ${files.join(' → ')}`)];
}

/**
 * Checks the whole project.
 * @param {Map<string, string>} sources  path from the project's root (forward slashes) to code
 * @param {readonly string[]} files  all files of the project
 * @returns {string[]} what is wrong, empty when nothing is
 */
export function checkProject(sources, files) {
  const used = new Set();
  const excepted = new Set();
  const problems = checkSources(sources, used, excepted);
  const stale = EXCEPTIONS.filter((entry) => !excepted.has(entry));
  return [
    ...problems,
    ...stale.map((entry) => `tools/import-rules.mjs: the exception ${entry} is not needed; delete it`),
    ...unusedEntries(used),
    ...sizeProblems(files),
  ];
}
