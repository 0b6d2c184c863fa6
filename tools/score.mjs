/** npm run score: tracks the scoring sets and runs the scoring tools of the folder above them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { fail, InputError } from './lib/input-error.mjs';
import { findPython } from './lib/python.mjs';
import { listInputs } from './track/inputs.mjs';
import { openTracker } from './track/tracker.mjs';

const NEEDS = ['numpy', 'PIL', 'scipy'];
/** The set of meshes, which has its own tool. */
const GEOMETRY = 'geometry';

function readArguments() {
  const program = new Command('score')
    .description('Tracks SETS_DIR/NAME/images and prints the tables of SETS_DIR/../score.py and score_geometry.py.')
    .argument('<sets>', 'folder of the sets')
    .option('--bundle <name>', 'name of a bundle in public/models, or path of a bundle folder', 'peekaboo')
    .option('--sets <names>', 'comma-separated names of sets; all by default')
    .option('--out <dir>', 'folder for predictions and tables', 'out/score')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  return { folder: program.args[0], ...program.opts() };
}

/** Names of the sets to score; throws InputError when one is not there. */
function chooseSets(folder, wanted) {
  if (!existsSync(folder)) throw new InputError(`${folder}: no such folder`);
  const there = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'images')))
    .sort();
  const names = wanted ? wanted.split(',').filter(Boolean) : there;
  const missing = names.filter((name) => !there.includes(name));
  if (missing.length > 0)
    throw new InputError(`--sets ${missing.join(',')}: not in ${folder} (there: ${there.join(', ')})`);
  if (names.length === 0) throw new InputError(`${folder}: no folder in it has images`);
  return names;
}

async function track(folder, names, { bundle, out }) {
  const options = {
    bundle,
    provider: 'wasm',
    smooth: false,
    faces: 1,
    masks: true,
    overlay: false,
    points478: false,
    fov: 63,
  };
  const kinds = [names.filter((name) => name !== GEOMETRY), names.filter((name) => name === GEOMETRY)];
  for (const kind of kinds.filter((some) => some.length > 0)) {
    const tracker = await openTracker({ ...options, meshes: kind[0] === GEOMETRY }, { mode: 'force' });
    try {
      for (const name of kind) {
        const { images } = listInputs([join(folder, name, 'images')]);
        await tracker.images(images, join(out, name));
      }
    } finally {
      await tracker.close();
    }
  }
}

/** Runs one scoring tool and shows its output; throws if it fails. */
function tool(python, script, args) {
  if (!existsSync(script)) throw new InputError(`${script}: the scoring tool is missing beside the sets`);
  const { status } = spawnSync(python, [script, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${script} failed`);
}

/** score.py takes one set or all of them; for some, it runs once per set. */
function score(python, folder, names, { out, wanted }) {
  const beside = dirname(resolve(folder));
  const sets = names.filter((name) => name !== GEOMETRY);
  const runs = wanted ? sets : ['all'];
  for (const set of sets.length > 0 ? runs : []) {
    const json = join(out, set === 'all' ? 'score.json' : `score-${set}.json`);
    tool(python, join(beside, 'score.py'), [out, '--sets', folder, '--set', set, '--markdown', '--json', json]);
  }
  if (names.includes(GEOMETRY)) {
    const args = [
      join(out, GEOMETRY),
      '--set',
      join(folder, GEOMETRY),
      '--markdown',
      '--json',
      join(out, 'geometry.json'),
    ];
    tool(python, join(beside, 'score_geometry.py'), args);
  }
}

async function run({ folder, sets: wanted, ...options }) {
  const names = chooseSets(folder, wanted);
  const python = findPython(NEEDS);
  if (!python) throw new InputError(`python3 with ${NEEDS.join(', ')} is needed: pip install numpy Pillow scipy`);
  mkdirSync(options.out, { recursive: true });
  await track(folder, names, options);
  score(python, folder, names, { out: options.out, wanted });
}

run(readArguments()).catch((error) => fail('score', error));
