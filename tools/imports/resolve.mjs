/** Turns the imports of a source into files of the project and names of packages. */
import { posix } from 'node:path';
import { PYTHON_PACKAGES } from '../import-rules.mjs';
import { pythonModulesOf, specifiersOf } from './specifiers.mjs';

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The file of a relative import, its query left off; as written where the project has no such source. */
function fileOf(from, specifier, files) {
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  return [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => files.has(candidate)) ?? path;
}

/** The path of a Python module without its ending; null for modules outside the project. */
function pythonPath(from, module) {
  const [, dots, name] = /^(\.*)(.*)$/.exec(module);
  const parts = name.split('.').filter(Boolean);
  if (dots !== '') return posix.join(posix.dirname(from), ...Array(dots.length - 1).fill('..'), ...parts);
  const root = PYTHON_PACKAGES[parts[0]];
  return root ? posix.join(root, ...parts.slice(1)) : null;
}

function pythonTarget(from, candidates, files) {
  const paths = candidates.map((module) => pythonPath(from, module)).filter((path) => path !== null);
  const all = paths.flatMap((path) => [`${path}.py`, `${path}/__init__.py`]);
  return all.find((path) => files.has(path)) ?? null;
}

/**
 * @param {string} file  path from the project's root, with forward slashes
 * @param {string} code
 * @param {{ has(file: string): boolean }} files  the sources of the project
 * @returns {string[]} files of the project, names of packages; of Python only the project's own files
 */
export function importsOf(file, code, files) {
  if (file.endsWith('.py')) {
    const targets = pythonModulesOf(code).map((candidates) => pythonTarget(file, candidates, files));
    return [...new Set(targets.filter((target) => target !== null))];
  }
  const targets = specifiersOf(file, code).map((specifier) =>
    specifier.startsWith('.') ? fileOf(file, specifier, files) : packageOf(specifier),
  );
  return [...new Set(targets)];
}
