/** npm test: types, lint, imports, unit, browser and Python tests. Runs all stages, then says what came of them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensurePython } from './lib/python.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const REPORTS = join(ROOT, '.cache/reports');
const BIN = join(ROOT, 'node_modules/.bin');
const PYTHON_NEEDS = { numpy: 'numpy', PIL: 'Pillow', scipy: 'scipy', pytest: 'pytest' };

/**
 * What came of a stage.
 * @typedef {{ passed: number, failed: number, skipped: number, note?: string }} Outcome
 */

/** Runs a program in the project, its output shown. True when it succeeded. */
function run(program, args, options = {}) {
  const { error, status } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (error) console.error(error.message);
  return status === 0;
}

/** @returns {Outcome} */
const one = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/** A run that succeeded must have tests to show, one that failed a failure. */
function checked(ok, outcome) {
  const empty = outcome.passed === 0 && outcome.failed === 0;
  return (!ok && outcome.failed === 0) || empty ? { ...outcome, failed: 1, note: 'ended without a result' } : outcome;
}

function vitest(project) {
  const report = join(REPORTS, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = run(join(BIN, 'vitest'), ['run', '--project', project, ...reporters]);
  if (!existsSync(report)) return { ...one(false), note: 'ended without a report' };
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = counts.numPendingTests + (counts.numTodoTests ?? 0);
  return checked(ok, { passed: counts.numPassedTests, failed: counts.numFailedTests, skipped });
}

async function browser() {
  ensureChromium();
  await ensureBuilt();
  return vitest('browser');
}

function python() {
  const found = ensurePython(PYTHON_NEEDS);
  if (found.missing && process.env.CI && found.present) return { ...one(false), note: found.missing };
  if (found.missing) return { passed: 0, failed: 0, skipped: 0, note: `left out: ${found.missing}` };
  const report = join(REPORTS, 'python.xml');
  rmSync(report, { force: true });
  const args = ['-m', 'pytest', '-q', '-rs', `--junitxml=${report}`, 'tests'];
  const env = { ...process.env, PYTHONPATH: '.', OMP_NUM_THREADS: '1' };
  const ok = run(found.python, args, { cwd: join(ROOT, 'training'), env });
  if (!existsSync(report)) return { ...one(false), note: 'ended without a report' };
  const head = /<testsuite [^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? '';
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return checked(ok, { passed: count('tests') - failed - count('skipped'), failed, skipped: count('skipped') });
}

const types = () => ['tsconfig.json', 'tsconfig.worker.json'].every((file) => run(join(BIN, 'tsc'), ['-p', file]));

/** @type {Record<string, () => Outcome | Promise<Outcome>>} */
const STAGES = {
  types: () => one(types()),
  lint: () => one(run(join(BIN, 'biome'), ['check', '.'])),
  imports: () => one(run(process.execPath, ['tools/check-imports.mjs'])),
  unit: () => vitest('unit'),
  browser,
  python,
};

async function runStage(name) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const outcome = await Promise.resolve()
    .then(STAGES[name])
    .catch((error) => ({ ...one(false), note: error.message }));
  return { name, seconds: Math.round((Date.now() - started) / 1000), ...outcome };
}

function describe({ name, passed, failed, skipped, seconds, note }) {
  const extra = [skipped > 0 ? `${skipped} skipped` : '', note ?? ''].filter(Boolean);
  return [`${name}: ${passed} passed, ${failed} failed`, ...extra, `${seconds} s`].join(', ');
}

mkdirSync(REPORTS, { recursive: true });
const wanted = process.argv.slice(2);
const outcomes = [];
for (const name of Object.keys(STAGES))
  if (wanted.length === 0 || wanted.includes(name)) outcomes.push(await runStage(name));
console.log('\n== summary');
for (const outcome of outcomes) console.log(describe(outcome));
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
