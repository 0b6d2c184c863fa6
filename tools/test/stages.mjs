/** The stages of `npm test`. Each resolves with an Outcome. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findBlender } from '../lib/blender.mjs';
import { ensureBuilt } from '../lib/build.mjs';
import { ensureChromium } from '../lib/chromium.mjs';
import { findEngines, missingEngines } from '../lib/engines.mjs';
import { ensurePython, findPython } from '../lib/python.mjs';
import { startInstalls } from './installs.mjs';
import { checked, readPytest, readVitest, single } from './reports.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const TRAINING = join(ROOT, 'training');
const READER = join(ROOT, 'python');
export const REPORTS = join(ROOT, '.cache/reports');
const BIN = join(ROOT, 'node_modules/.bin');
/** What the Python tests need at least; those that need more are left out without it. */
const LIGHT_PYTHON = { numpy: 'numpy', PIL: 'Pillow', scipy: 'scipy', pytest: 'pytest' };
const HOW_TO_INSTALL =
  'To run them too: node tools/lib/python-environment.mjs (torch and others, 2.4 GB on Linux with a CPU build of torch)';

/** Runs a program and shows its output. Resolves with whether it succeeded. */
function run(program, args, options = {}) {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', ...options });
  return new Promise((done) => {
    child.on('error', (error) => {
      console.error(error.message);
      done(false);
    });
    child.on('close', (code) => done(code === 0));
  });
}

/** Runs a test runner that writes a report, and reads the report. */
async function runTests({ report, read, strict }, program, args, options) {
  rmSync(report, { force: true });
  const ok = await run(program, args, options);
  if (!existsSync(report)) return single(false, 'ended without a report');
  return checked(read(readFileSync(report, 'utf8')), { ok, strict });
}

function vitest(project, strict, env) {
  const report = join(REPORTS, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const options = { env: { ...process.env, ...env } };
  return runTests(
    { report, read: readVitest, strict },
    join(BIN, 'vitest'),
    ['run', '--project', project, ...reporters],
    options,
  );
}

function pytest(python, strict, parallel) {
  const report = join(REPORTS, 'python.xml');
  const args = ['-m', 'pytest', '-q', '-rs', ...(parallel ? ['-n', '2'] : []), `--junitxml=${report}`, 'tests'];
  // One thread each: the machine's cores are shared by the processes of the run.
  const env = { ...process.env, PYTHONPATH: '.', OMP_NUM_THREADS: '1' };
  return runTests({ report, read: readPytest, strict }, python, args, { cwd: TRAINING, env });
}

/** The tests of peekaboo_reader, which needs numpy only. */
function pytestReader(python, strict) {
  const report = join(REPORTS, 'reader.xml');
  const args = ['-m', 'pytest', '-q', '-rs', `--junitxml=${report}`, 'tests'];
  return runTests({ report, read: readPytest, strict }, python, args, { cwd: READER });
}

/** Names the files of skipped tests. One entry can stand for a whole file, so there are no numbers. */
function leftOut(skipped) {
  const files = [...new Set(skipped.map(({ file }) => file))].sort();
  const lines = files.map((file) => `  training/${file}`);
  return ['Files with Python tests that need packages that are not installed:', ...lines, HOW_TO_INSTALL].join('\n');
}

async function types() {
  const projects = [
    ['tsconfig.json'],
    ['tsconfig.worker.json'],
    ['tsconfig.package.json', '--noEmit', '--emitDeclarationOnly', 'false'],
  ];
  for (const args of projects) {
    if (!(await run(join(BIN, 'tsc'), ['-p', ...args]))) return single(false);
  }
  return single(true);
}

/** Python tests on a machine of a developer: whatever is installed decides which tests run. */
async function lightPython() {
  const { python, missing } = ensurePython(LIGHT_PYTHON);
  if (missing) return { passed: 0, failed: 0, skipped: [], note: `Python tests left out: ${missing}` };
  const outcome = await pytest(python, false, false);
  return outcome.skipped.length > 0 && !outcome.note ? { ...outcome, note: leftOut(outcome.skipped) } : outcome;
}

async function lightReader() {
  const { python, missing } = ensurePython({ numpy: 'numpy', pytest: 'pytest' });
  if (missing) return { passed: 0, failed: 0, skipped: [], note: `tests of the reader left out: ${missing}` };
  return pytestReader(python, false);
}

/** Firefox and WebKit, as far as they are installed. */
async function lightEngines() {
  const { xvfb, firefox, webkit } = findEngines();
  const missing = missingEngines();
  const note = `left out: ${missing.join(', ')} not installed (node tools/lib/engines.mjs --install, Debian only)`;
  if (!(xvfb && (firefox || webkit))) return { passed: 0, failed: 0, skipped: [], note };
  await ensureBuilt();
  const outcome = await vitest('engines', false);
  return missing.length > 0 && !outcome.note ? { ...outcome, note } : outcome;
}

/** Programs that read exported files: Blender. */
async function lightConsumers() {
  if (findBlender()) return vitest('consumers', false);
  const note = 'left out: Blender is not installed (node tools/lib/blender.mjs --install, about 1 GB)';
  return { passed: 0, failed: 0, skipped: [], note };
}

/** Checks the code of both Python projects. */
async function ruff(python) {
  const results = [TRAINING, READER].map((cwd) => run(python, ['-m', 'ruff', 'check', '.'], { cwd }));
  return single((await Promise.all(results)).every(Boolean));
}

async function lightRuff() {
  const python = findPython(['ruff']);
  if (!python) return { passed: 0, failed: 0, skipped: [], note: 'left out: ruff is not installed' };
  return ruff(python);
}

/** The stages that need no installation; they run first. */
function quickStages(strict) {
  return {
    types,
    lint: async () => single(await run(join(BIN, 'biome'), ['check', '.'])),
    imports: async () => single(await run(process.execPath, ['tools/check-imports.mjs'])),
    unit: () => vitest('unit', strict),
  };
}

/** Stages for a developer: everything that the machine has the means for. */
export function lightStages() {
  return {
    ...quickStages(false),
    browser: async () => {
      ensureChromium();
      await ensureBuilt();
      return vitest('browser', false);
    },
    engines: lightEngines,
    consumers: lightConsumers,
    package: () => vitest('package', false),
    ruff: lightRuff,
    reader: lightReader,
    python: lightPython,
  };
}

/** Stages for CI: everything is installed, nothing may be skipped. */
export function strictStages() {
  const installs = startInstalls();
  return {
    ...quickStages(true),
    browser: async () => {
      await installs.chromium;
      await installs.ffmpeg;
      await ensureBuilt();
      return vitest('browser', true, { PEEKABOO_PYTHON: await installs.python });
    },
    engines: async () => {
      await installs.engines;
      return vitest('engines', true);
    },
    consumers: async () => {
      await installs.blender;
      return vitest('consumers', true);
    },
    package: async () => {
      await installs.chromium;
      return vitest('package', true);
    },
    ruff: async () => ruff(await installs.python),
    reader: async () => pytestReader(await installs.python, true),
    python: async () => pytest(await installs.python, true, true),
  };
}
