/** The complete Python environment of training and its tests, as training/requirements.lock pins it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { completeMark, environmentFolder, findPython, inVenv, LOCK } from './python.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
/** Installs 60 packages in parallel, which takes pip twenty times as long. */
const UV = 'uv==0.13.9';
/** Runs a program; resolves with its standard output, rejects with the end of its error output. */
function run(program, args, settings = {}) {
  const env = { ...process.env, ...settings };
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of Object.keys(output)) {
    child[name].on('data', (bytes) => {
      output[name] += bytes;
    });
  }
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(output.stdout);
      else fail(new Error(`${program} ${args.slice(0, 4).join(' ')} failed: ${output.stderr.trim().slice(-2000)}`));
    });
  });
}

/** uv reads no settings of pip. Folders of wheels (a CPU build of torch, for example) are passed on. */
function uvSettings({ PIP_FIND_LINKS: folders } = process.env) {
  return folders ? { UV_FIND_LINKS: folders.trim().split(/\s+/).join(',') } : {};
}

/**
 * Path of the interpreter of the complete environment, which is created when it is not there yet.
 * @param {(text: string) => void} [report]
 * @returns {Promise<string>}
 */
export async function ensurePythonEnvironment(report = console.error) {
  const folder = environmentFolder();
  if (existsSync(completeMark(folder))) return inVenv(folder);
  const base = findPython([]);
  if (!base) throw new Error('Python 3.11 or newer is required: no python3 on this machine');
  await run(base, [
    '-c',
    `import sys; sys.exit("Python 3.11 or newer is required") if sys.version_info < (3, 11) else 0`,
  ]);
  report(`Installing the Python environment in ${folder}…`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const python = inVenv(folder);
  await run(base, ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', UV]);
  await run(python, ['-m', 'uv', 'pip', 'install', '--python', python, '--requirement', LOCK], uvSettings());
  writeFileSync(completeMark(folder), '');
  return python;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(await ensurePythonEnvironment());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
