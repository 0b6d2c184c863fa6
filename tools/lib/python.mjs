/** Finds a Python with the modules that a task needs, and makes a small environment for the tests where there is none. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.cache/python');
/** Versions of all packages that training and its tests use. */
export const LOCK = join(ROOT, 'training/requirements.lock');

/** The interpreter of a virtual environment. */
export const inVenv = (folder) => join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Folder of the complete environment for the lock file: outside the clone, so that the next clone finds it. */
export function environmentFolder(env = process.env) {
  const hash = createHash('sha256').update(readFileSync(LOCK)).digest('hex').slice(0, 16);
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'peekaboo', `python-${hash}`);
}

/** Marks a complete environment; an interrupted installation has none. */
export const completeMark = (folder) => join(folder, 'complete');

/** PEEKABOO_PYTHON, virtual environments (active, the clone's, the complete one, the tests' small one), the system's. */
function candidates(env) {
  const complete = environmentFolder(env);
  const folders = [env.VIRTUAL_ENV, join(ROOT, '.venv'), existsSync(completeMark(complete)) && complete, CACHE];
  const venvs = folders.filter(Boolean).map(inVenv);
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
 * A Python that has the modules; creates a virtual environment in .cache with them if needed.
 * @param {Record<string, string>} modules  name as imported: name for pip
 * @returns {{ python: string } | { missing: string }} `missing` is the reason why there is none
 */
export function ensurePython(modules, env = process.env) {
  const names = Object.keys(modules);
  const found = findPython(names, env);
  if (found) return { python: found };
  const base = findPython([], env);
  if (!base) return { missing: 'no python3 on this machine' };
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
  if (spawnSync(base, ['-m', 'venv', CACHE], quiet).status !== 0) {
    return { missing: 'python3 cannot create a virtual environment' };
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...Object.values(modules)];
  if (spawnSync(inVenv(CACHE), pip, quiet).status !== 0) return { missing: `pip cannot install ${names.join(', ')}` };
  return { python: inVenv(CACHE) };
}
