import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Markdown files of the project, relative to its root. */
export function documents(): string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const cards = ['peekaboo', 'peekaboo-open'].map((name) => `public/models/${name}/MODEL_CARD.md`);
  return [...top, ...filesIn('docs', '.md'), ...cards].sort();
}

/** Files below a folder whose names end so, relative to the project's root. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .sort();
}

export function readProjectFile(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

const LINK = /\]\(([^()\s]+)\)/g;
/** A path that starts with a folder of the project; paths inside a longer path or an URL do not count. */
const PATH = /(?<![\w./-])(?:src|test|tools|bench|training|docs|licenses|\.ci)\/[\w./*-]*[\w*/]/g;
const NPM_SCRIPT = /\bnpm (?:run ([\w:-]+)|(start|test))(?: -- ([^`\n]*))?/g;
const PYTHON_COMMAND = /\bpeekaboo_training (?=[a-z])([\w-]+)((?:[^`\n]|\\\n)*)/g;
const PYTHON_MODULE = /\bpython -m peekaboo_training\.([\w.]+)/g;
const OPTION = /(?<!\S)--([a-z][\w-]*)/g;
const PLACEHOLDER = /NAME|COMMIT|my-filter|…/;

/** References of a Markdown text to files, npm scripts and commands that do not exist; empty if all exist. */
export function problemsOf(file: string, text: string): string[] {
  const broken = [
    ...linkProblems(file, text),
    ...pathProblems(text),
    ...scriptProblems(text),
    ...trainingProblems(text),
  ];
  return [...new Set(broken)].map((problem) => `${file}: ${problem}`);
}

function linkProblems(file: string, text: string): string[] {
  return [...text.matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^(https?|mailto):/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const found = path === '' ? file : join(dirname(file), path);
    if (!existsSync(join(ROOT, found))) return [`link to ${target}: no such file`];
    const linked = path === '' ? text : anchor ? readProjectFile(found) : '';
    return anchor && !anchors(linked).has(anchor) ? [`link to ${target}: no such heading`] : [];
  });
}

/** The anchors that GitHub derives from headings. */
function anchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function pathProblems(text: string): string[] {
  return [...text.matchAll(PATH)]
    .map(([path]) => path)
    .filter((path) => !PLACEHOLDER.test(path) && !exists(path))
    .map((path) => `${path}: no such file`);
}

/** TypeScript files may be named without their extension, as in imports. */
function exists(path: string): boolean {
  if (path.includes('*')) {
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    return filesIn(path.slice(0, path.indexOf('*')).replace(/\/[^/]*$/, ''), '').some((file) => pattern.test(file));
  }
  return existsSync(join(ROOT, path)) || existsSync(join(ROOT, `${path}.ts`));
}

function scriptProblems(text: string): string[] {
  const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
  return [...text.matchAll(NPM_SCRIPT)].flatMap(([, run, short, options = '']) => {
    const name = run ?? short ?? '';
    const command = scripts[name];
    if (command === undefined) return [`npm run ${name}: no such script`];
    const tool = /node (tools\/[\w-]+\.mjs)$/.exec(command)?.[1];
    if (!tool) return [];
    const source = readProjectFile(tool);
    const unknown = optionsIn(options).filter((option) => !source.includes(`'--${option}`));
    return unknown.map((option) => `npm run ${name} -- --${option}: no such option`);
  });
}

function trainingProblems(text: string): string[] {
  const folder = 'training/peekaboo_training';
  const commands = readProjectFile(`${folder}/__main__.py`);
  const sources = filesIn(folder, '.py').map(readProjectFile).join('\n');
  const isOption = (option: string) =>
    option === 'help' ||
    sources.includes(`"--${option}"`) ||
    new RegExp(`^    ${option.replaceAll('-', '_')}:`, 'm').test(sources);
  return [
    ...[...text.matchAll(PYTHON_COMMAND)].flatMap(([, name = '', options = '']) => [
      ...(commands.includes(`"${name}":`) ? [] : [`peekaboo_training ${name}: no such command`]),
      ...optionsIn(options)
        .filter((option) => !isOption(option))
        .map((option) => `peekaboo_training ${name} --${option}: no such option`),
    ]),
    ...[...text.matchAll(PYTHON_MODULE)]
      .map(([, name = '']) => `${folder}/${name.replaceAll('.', '/')}.py`)
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${path}: no such module`),
  ];
}

function optionsIn(text: string): string[] {
  return [...text.matchAll(OPTION)].map(([, name = '']) => name).filter((name) => name !== 'help');
}
