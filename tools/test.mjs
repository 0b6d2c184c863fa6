/**
 * npm test [-- STAGE…]: types, lint, imports, unit tests, browser tests, Python lint and tests. Runs all stages, then
 * prints a summary. With CI set, everything is installed first and no test may be skipped unless it needs a GPU.
 */
import { mkdirSync } from 'node:fs';
import { single } from './test/reports.mjs';
import { lightStages, REPORTS, strictStages } from './test/stages.mjs';

async function runStage(name, stage) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const outcome = await stage().catch((error) => single(false, error.message));
  return { name, seconds: Math.round((Date.now() - started) / 1000), ...outcome };
}

function describe({ name, passed, failed, skipped, seconds, note }) {
  const parts = [`${passed} passed`, `${failed} failed`, skipped.length > 0 ? `${skipped.length} skipped` : ''];
  return `${name}: ${[...parts.filter(Boolean), `${seconds} s`].join(', ')}${note ? `\n${note}` : ''}`;
}

mkdirSync(REPORTS, { recursive: true });
const stages = process.env.CI ? strictStages() : lightStages();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(stages, name));
if (unknown.length > 0) {
  console.error(`test: no stage ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}
const started = Date.now();
const outcomes = [];
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length === 0 || wanted.includes(name)) outcomes.push(await runStage(name, stage));
}
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log('\n== summary');
for (const outcome of outcomes) console.log(describe(outcome));
console.log(`all stages: ${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
