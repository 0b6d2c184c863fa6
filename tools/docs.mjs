/** npm run docs: the API reference and the guides as a static site in out/docs. The first run installs TypeDoc in .cache/docs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
/** What is installed, apart from the project's own packages: TypeDoc needs another version of TypeScript. */
const MANIFEST = join(ROOT, 'tools/docs');
const TOOLS = join(ROOT, '.cache/docs');
const ENTRIES = ['index', 'babylon', 'mediapipe', 'react'];

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

try {
  mkdirSync(TOOLS, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(MANIFEST, name), join(TOOLS, name));
  if (!existsSync(join(TOOLS, 'node_modules/typedoc'))) run('npm', ['ci', '--no-audit', '--no-fund'], TOOLS);
  run(
    process.execPath,
    [
      '.cache/docs/node_modules/typedoc/bin/typedoc',
      ...ENTRIES.map((name) => `src/package/${name}.ts`),
      ...['--tsconfig', 'tsconfig.package.json'],
      ...['--out', 'out/docs'],
      ...['--name', 'peekaboo-face'],
      ...['--readme', 'docs/package.md'],
      ...['events', 'filters', 'avatars', 'smoothing', 'formats'].flatMap((name) => [
        '--projectDocuments',
        `docs/${name}.md`,
      ]),
      ...[
        '--excludePrivate',
        '--excludeInternal',
        '--excludeExternals',
        '--logLevel',
        'Error',
        '--disableSources',
        '--treatValidationWarningsAsErrors',
        'false',
      ],
      ...['--basePath', '.', '--hideGenerator'],
    ],
    ROOT,
  );
} catch (error) {
  console.error(`docs: ${error.message}`);
  process.exitCode = 1;
}
