/** Finds a Python, and makes a small environment for the tests when it lacks what they need. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.cache/python');
const inVenv = (folder) => join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** PEEKABOO_PYTHON, an active virtual environment, the project's own, the tests' own, then the system's. */
function candidates(env) {
  const venvs = [env.VIRTUAL_ENV, join(ROOT, '.venv'), CACHE].filter(Boolean).map(inVenv);
  return [env.PEEKABOO_PYTHON, ...venvs.filter(existsSync), 'python3', 'python'].filter(Boolean);
}

const has = (python, modules) =>
  spawnSync(python, ['-c', ['import sys', ...modules.map((name) => `import ${name}`)].join('\n')]).status === 0;

/**
 * A Python that has the modules.
 * @param {readonly string[]} modules  names as imported
 * @returns {string | null}
 */
export function findPython(modules, env = process.env) {
  return candidates(env).find((python) => has(python, modules)) ?? null;
}

/**
 * A Python that has the modules, from a virtual environment in .cache made for it if need be.
 * @param {Record<string, string>} modules  name as imported: name for pip
 * @returns {{ python: string } | { missing: string, present?: boolean }} missing says why there is none, present that a Python is there
 */
export function ensurePython(modules, env = process.env) {
  const names = Object.keys(modules);
  const found = findPython(names, env);
  if (found) return { python: found };
  const base = findPython([], env);
  if (!base) return { missing: 'no python3 on this machine' };
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  if (spawnSync(base, ['-m', 'venv', CACHE], quiet).status !== 0)
    return { missing: 'python3 cannot make a venv here', present: true };
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...Object.values(modules)];
  if (spawnSync(inVenv(CACHE), pip, quiet).status !== 0)
    return { missing: `pip cannot install ${names.join(', ')}`, present: true };
  return { python: inVenv(CACHE) };
}
