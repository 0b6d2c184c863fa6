/**
 * npm run docs [-- --examples NAME,NAME]: a static site in out/docs with the guides, the API reference, and the examples that
 * run next to their code. It works below any path. The first run installs TypeDoc in .cache/docs. `--examples` builds only the
 * named ones; `none` builds none.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addExamples } from './docs/examples.mjs';
import { writePages } from './docs/pages.mjs';
import { fail, InputError } from './lib/input-error.mjs';
import { ENTRIES } from './package/contents.mjs';
import { EXAMPLES } from './package/examples.mjs';
import { packPackage } from './package/pack.mjs';

const ROOT = resolve(import.meta.dirname, '..');
/** What is installed, apart from the project's own packages: TypeDoc needs another version of TypeScript. */
const MANIFEST = join(ROOT, 'tools/docs');
const TOOLS = join(ROOT, '.cache/docs');
const SITE = join(ROOT, 'out/docs');

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

function installTypeDoc() {
  mkdirSync(TOOLS, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(MANIFEST, name), join(TOOLS, name));
  if (!existsSync(join(TOOLS, 'node_modules/typedoc'))) run('npm', ['ci', '--no-audit', '--no-fund'], TOOLS);
}

/** Names of the option `--examples`. Throws InputError for one that does not exist. */
function chosenExamples(text) {
  const all = Object.keys(EXAMPLES);
  if (text === undefined) return all;
  const names = text === 'none' ? [] : text.split(',');
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new InputError(`--examples ${unknown}: there are ${all.join(', ')}, and none`);
  return names;
}

function runTypeDoc({ start, documents }) {
  run(
    process.execPath,
    [
      '.cache/docs/node_modules/typedoc/bin/typedoc',
      ...Object.values(ENTRIES),
      ...['--tsconfig', 'tsconfig.package.json', '--out', SITE, '--cleanOutputDir', 'false'],
      ...['--name', 'peekaboo-face', '--readme', start, '--customCss', 'tools/docs/site.css'],
      ...documents.flatMap((path) => ['--projectDocuments', path]),
      ...['--excludePrivate', '--excludeInternal', '--excludeExternals', '--disableSources', '--hideGenerator'],
      '--navigation.includeGroups',
      ...['--logLevel', 'Error', '--treatValidationWarningsAsErrors', 'false', '--basePath', join(TOOLS, 'pages')],
    ],
    ROOT,
  );
}

try {
  const { values } = parseArgs({ options: { examples: { type: 'string' } } });
  const names = chosenExamples(values.examples);
  installTypeDoc();
  rmSync(SITE, { recursive: true, force: true });
  const pages = names.length > 0 ? await addExamples(names, (await packPackage()).path, join(SITE, 'examples')) : {};
  rmSync(join(TOOLS, 'pages'), { recursive: true, force: true });
  runTypeDoc(writePages(join(TOOLS, 'pages'), pages));
  console.log(`out/docs: the site, with ${Object.keys(pages).length} running examples`);
} catch (error) {
  fail('docs', error);
}
