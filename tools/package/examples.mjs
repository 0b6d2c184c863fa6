/** Installs the examples from the packed package and builds them, in a folder of their own. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './contents.mjs';

const FOLDER = join(ROOT, 'examples');
/** Outside of this repository, whose own packages the examples must not find. */
const BUILT = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'peekaboo/examples');
/** Examples whose packages are those of this repository: the others are tested where they were installed before, and in CI. */
const LIGHT = ['plain', 'vite', 'csp', 'sticker', 'mediapipe', 'babylon'];

/**
 * Title, source files (the first uses the package), page below the built folder, and whether it runs on the documentation
 * site.
 */
export const EXAMPLES = {
  plain: { title: 'Plain page', sources: ['index.html'], runs: true },
  vite: { title: 'Vite', sources: ['src/main.ts'], runs: true },
  webpack: { title: 'webpack', sources: ['src/main.js', 'webpack.config.cjs'], runs: true },
  react: { title: 'React', sources: ['src/main.jsx'], runs: true },
  three: { title: 'Glasses with three.js', sources: ['src/main.js'], runs: true },
  babylon: { title: 'Filter with Babylon.js', sources: ['src/main.js'], runs: true },
  sticker: { title: 'Sticker in 2D', sources: ['src/main.js'], runs: true },
  mediapipe: { title: 'App for MediaPipe', sources: ['main.js'], runs: true },
  csp: {
    title: 'Strict policy below a path',
    sources: ['main.js', 'index.html', 'server.json'],
    page: 'sub/app/index.html',
    runs: true,
  },
  // Its build contains the path of the server, which a site that works below any path has not.
  next: { title: 'Next', sources: ['app/page.jsx', 'next.config.mjs'], runs: false },
};

export const exampleNames = () => readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'package.json')));

/** Whether an example is tested. PEEKABOO_EXAMPLES: `all`, or names with commas between them. */
export function isTested(name, { CI, PEEKABOO_EXAMPLES: wanted } = process.env) {
  if (wanted) return wanted === 'all' || wanted.split(',').includes(name);
  return Boolean(CI) || LIGHT.includes(name) || existsSync(join(BUILT, name, 'node_modules'));
}

/** The environment of npm in an example: with NODE_ENV=production it would not install the packages that build it. */
export function exampleEnvironment({ NODE_ENV: _, ...env } = process.env) {
  return { ...env, NEXT_TELEMETRY_DISABLED: '1' };
}

/** Resolves with the output; rejects with its end when the program fails. */
function run(program, args, cwd) {
  const child = spawn(program, args, { cwd, env: exampleEnvironment() });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      output += part;
    });
  }
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(output);
      else fail(new Error(`${program} ${args.join(' ')} in ${cwd}:\n${output.slice(-3000)}`));
    });
  });
}

const QUIET = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];

/** Copies an example into a folder, with the packed package as its dependency. */
export function copyExample(name, tarball, folder) {
  cpSync(join(FOLDER, name), folder, { recursive: true });
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  manifest.dependencies['peekaboo-face'] = `file:${tarball}`;
  writeFileSync(path, JSON.stringify(manifest, null, 2));
}

/** Installs the packages of a copied example. */
export async function installExample(folder) {
  await run('npm', ['install', ...QUIET], folder);
}

/**
 * Builds an installed example. Resolves with the folder to serve.
 * @param {string} folder
 * @param {{ relative?: boolean }} [options]  relative: Vite's pages work below any path
 */
export async function buildInstalled(folder, { relative = false } = {}) {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const usesVite = scripts.build.includes('vite build');
  await run('npm', ['run', 'build', ...(relative && usesVite ? ['--', '--base=./'] : [])], folder);
  return join(folder, existsSync(join(folder, 'out')) ? 'out' : 'dist');
}

/** Path of an example's page and headers of its server. */
export function exampleServer(name) {
  const file = join(FOLDER, name, 'server.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * Copies an example, installs it with the packed package, and builds it; installed packages are kept for the next time.
 * @param {string} name
 * @param {string} tarball
 * @param {{ relative?: boolean }} [options]  relative: Vite's pages work below any path
 * @returns {Promise<string>} the folder to serve
 */
export async function buildExample(name, tarball, options) {
  const folder = join(BUILT, name);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder).filter((entry) => entry !== 'node_modules'))
    rmSync(join(folder, old), { recursive: true });
  copyExample(name, tarball, folder);
  // npm keeps a package of the same version; this one is another with each build.
  rmSync(join(folder, 'node_modules/peekaboo-face'), { recursive: true, force: true });
  // npm trusts this list instead of looking at the folder, which an interrupted run may have left incomplete.
  rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true });
  await installExample(folder);
  return buildInstalled(folder, options);
}
