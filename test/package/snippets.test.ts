import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';

const SNIPPET = /^( *)```(tsx?)\n([\s\S]*?)^ *```$/gm;
const GUIDES = 'docs/guides';
const DOCUMENTS = ['README.md', 'docs/package.md', ...readdirSync(GUIDES).map((name) => `${GUIDES}/${name}`)];

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-snippets-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The snippets of a document that import the package. */
function snippets(file: string): { name: string; code: string }[] {
  const found = [...readFileSync(file, 'utf8').matchAll(SNIPPET)];
  return found
    .map(([, indent = '', kind = 'ts', code = ''], i) => ({
      name: `${file.replace(/\W/g, '-')}-${i}.${kind}`,
      code: code.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }))
    .filter(({ code }) => code.includes("'peekaboo-face"));
}

/** Links a package of this repository, or the unpacked one, into the folder. */
function link(name: string, target: string): void {
  execFileSync('mkdir', ['-p', join(folder, 'node_modules', name, '..')]);
  execFileSync('ln', ['-s', target, join(folder, 'node_modules', name)]);
}

it('PK13 the snippets of the guides compile against the packed package', () => {
  execFileSync('tar', ['-xzf', inject('tarball'), '-C', folder]);
  link('peekaboo-face', join(folder, 'package'));
  for (const name of [
    '@babylonjs/core',
    '@babylonjs/loaders',
    'rxjs',
    'valibot',
    'mediabunny',
    'react',
    '@types/react',
    '@types/dom-mediacapture-transform',
  ])
    link(name, resolve('node_modules', name));
  const found = DOCUMENTS.flatMap(snippets);
  expect(found.length).toBeGreaterThan(10);
  for (const { name, code } of found) writeFileSync(join(folder, name), code);
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    jsx: 'react-jsx',
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }));
  let output = '';
  try {
    execFileSync(resolve('node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  } catch (error) {
    output = String(Object(error).stdout);
  }
  expect(output).toBe('');
});
