/** npm run fuzz: mutated files, settings and requests, 10,000 for each target. Prints one line per target. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { fail, InputError } from './lib/input-error.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const LOG = join(ROOT, '.cache/fuzz.log');

function readArguments() {
  const options = new Command('fuzz')
    .description('Gives mutated inputs to everything that reads data from outside.')
    .option('--inputs <number>', 'inputs for each target', '10000')
    .option('--seed <number>', 'another seed gives other inputs', '1')
    .option('--target <text>', 'only targets whose test has this text in its title')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse()
    .opts();
  for (const name of ['inputs', 'seed']) {
    if (!/^[1-9]\d{0,6}$/.test(options[name]))
      throw new InputError(`--${name} must be a whole number from 1 on, not ${options[name]}`);
  }
  return options;
}

try {
  const { inputs, seed, target } = readArguments();
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  rmSync(LOG, { force: true });
  const args = ['run', '--project', 'unit', 'test/fuzz', '--reporter=dot', ...(target ? ['-t', target] : [])];
  const { status } = spawnSync(join(ROOT, 'node_modules/.bin/vitest'), args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PEEKABOO_FUZZ: inputs, PEEKABOO_FUZZ_SEED: seed, PEEKABOO_FUZZ_LOG: LOG },
  });
  if (!existsSync(LOG)) throw new InputError(`no target ran${target ? `: no title contains “${target}”` : ''}`);
  console.log(readFileSync(LOG, 'utf8'));
  process.exitCode = status ?? 1;
} catch (error) {
  fail('fuzz', error);
}
