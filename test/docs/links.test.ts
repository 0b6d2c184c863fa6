import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/app/settings/settings';
import { documents, filesIn, problemsOf, readProjectFile } from './check-document';

test.each(documents())('%s refers to existing files, scripts and commands only', (file) => {
  expect(problemsOf(file, readProjectFile(file))).toEqual([]);
});

test.each([
  ['`src/face/nowhere.ts`', 'src/face/nowhere.ts'],
  ['[x](nowhere.md)', 'nowhere.md'],
  ['[x](spec.md#nowhere)', 'spec.md#nowhere'],
  ['`npm run nowhere`', 'nowhere'],
  ['`npm run track -- clip.mp4 --nowhere`', '--nowhere'],
  ['`python -m peekaboo_training nowhere`', 'nowhere'],
  ['`python -m peekaboo_training train --nowhere 3`', '--nowhere'],
  ['`python -m peekaboo_training.face_model.nowhere`', 'nowhere.py'],
])('a wrong reference is found: %s', (text, named) => {
  const problems = problemsOf('docs/planted.md', text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(named);
});

test('each rule of docs/spec.md has a number of its own', () => {
  const rules = [...readProjectFile('docs/spec.md').matchAll(/\*\*([A-Z]{1,2}\d+)\*\*/g)].map(([, rule]) => rule);
  expect(rules.length).toBeGreaterThan(100);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

test('docs/page.md lists every setting of the page', () => {
  const rows = readProjectFile('docs/page.md').matchAll(/^\| `([a-z]\w*)` \|/gm);
  expect([...rows].map(([, name]) => name).sort()).toEqual(Object.keys(DEFAULT_SETTINGS).sort());
});

test('docs/filters.md names exports of the filter API only', () => {
  const exported = readProjectFile('src/render/filter-api.ts');
  const blocks =
    /\*\*Building blocks\.\*\*[\s\S]*?\n\n(\|[\s\S]*?)\n\n/.exec(readProjectFile('docs/filters.md'))?.[1] ?? '';
  const names = [...blocks.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(exported))).toEqual([]);
});

test.each(['docs/avatars.md', 'docs/events.md', 'docs/filters.md', 'docs/soak.md'])(
  '%s names labels of the page only',
  (file) => {
    const labels = [...readProjectFile(file).matchAll(/(?<!\*)\*([A-Z][A-Za-z ]+)\*(?!\*)/g)].map(
      ([, label = '']) => label,
    );
    const page = ['index.html', ...filesIn('src/app', '.ts')].map(readProjectFile).join('\n');
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.filter((label) => !new RegExp(`['">]\\s*${label}\\s*['"<]`).test(page))).toEqual([]);
  },
);

test('NOTICE names the installed version of each dependency', () => {
  const { dependencies, devDependencies } = JSON.parse(readProjectFile('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const notice = readProjectFile('NOTICE');
  const named = Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, version]) => {
    const found = new RegExp(`(?<![\\w/-])${name} (\\d+\\.\\d+\\.\\d+)`).exec(notice)?.[1];
    return found ? [{ name, found, version: version.replace(/^\^/, '') }] : [];
  });
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter(({ found, version }) => found !== version)).toEqual([]);
});

test('docs/spec.md has every rule that a test title begins with', () => {
  const rules = new Set([...readProjectFile('docs/spec.md').matchAll(/\*\*([A-Z]+\d+)\*\*/g)].map(([, id]) => id));
  const titles = filesIn('test', '.test.ts').flatMap((file) => [
    ...readProjectFile(file).matchAll(/\b(?:it|test)(?:\.\w+)*\(\s*['"`]([A-Z]{1,2}\d+) /g),
  ]);
  expect(titles.length).toBeGreaterThan(100);
  expect(titles.map(([, id]) => id).filter((id) => !rules.has(id))).toEqual([]);
});
