import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiReports } from '../../tools/package/api-report.mjs';
import { checkTypes, lintPackage } from '../../tools/package/lint.mjs';
import { packPackage } from '../../tools/package/pack.mjs';
import { LIMITS, measureSizes } from '../../tools/package/sizes.mjs';

/** Imports of packages. */
const BARE_IMPORT =
  /^(?:import|export) (?:[^'"\n]* from )?['"]([^.'"][^'"\n]*)['"]|\bimport\(['"]([^.'"][^'"\n]*)['"]\)/gm;

/** Folder of the unpacked package. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-package-'));
  execFileSync('tar', ['-xzf', inject('tarball'), '-C', folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const files = () =>
  readdirSync(join(folder, 'package'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'package').length + 1));

describe('the packed package', () => {
  it('PK10 publint finds nothing', async () => {
    expect(await lintPackage(join(folder, 'package'))).toEqual([]);
  });

  it('PK10 every way of importing finds types that match the code', async () => {
    expect(await checkTypes(inject('tarball'))).toEqual([]);
  });

  it('PK10 the tracker is small and contains no Babylon.js, and so is the worker', async () => {
    const { tracker, worker, modules } = await measureSizes();
    expect(modules.filter((name) => /babylon|mediabunny/.test(name))).toEqual([]);
    expect(tracker).toBeLessThanOrEqual(LIMITS.tracker);
    expect(worker).toBeLessThanOrEqual(LIMITS.worker);
  });

  it('PK10 the public API is that of docs/api: node tools/package/api-report.mjs writes it', () => {
    for (const [entry, text] of Object.entries(apiReports()))
      expect(text, entry).toBe(readFileSync(`docs/api/${entry}.api.md`, 'utf8'));
  });

  it('PK11 two packs have the same bytes', async () => {
    const first = readFileSync(inject('tarball'));
    const { path } = await packPackage({ rebuild: true });
    expect(readFileSync(path).equals(first)).toBe(true);
  });

  it('PK11 contains code, declarations, source maps and assets, and nothing else', () => {
    const tops = new Set(files().map((name) => name.split('/')[0]));
    expect([...tops].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'NOTICE',
      'README.md',
      'lib',
      'licenses',
      'package.json',
    ]);
    const kinds = new Set(files().map((name) => /\.[\w.]+$/.exec(name.split('/').at(-1) ?? '')?.[0] ?? name));
    expect([...kinds].filter((kind) => /\.(test|spec|py|tsx?)$/.test(kind) && !kind.endsWith('.d.ts'))).toEqual([]);
    for (const file of ['babylon.js', 'mediapipe.js', 'react.js', 'assets/worker.mjs'])
      expect(files()).toEqual(expect.arrayContaining([`lib/${file}`, `lib/${file}.map`]));
  });

  it('PK14 package.json states the licence of code and weights', () => {
    const read = (path: string) => JSON.parse(readFileSync(join(folder, 'package', path), 'utf8'));
    const { name } = JSON.parse(readFileSync('src/assets/default-bundle.json', 'utf8'));
    const { terms } = read(`lib/assets/models/${name}/manifest.json`) as { terms: string };
    expect(read('package.json').license).toBe(terms.startsWith('MIT') ? 'MIT' : 'SEE LICENSE IN NOTICE');
    expect(files()).toEqual(expect.arrayContaining(['NOTICE', 'LICENSE', `lib/assets/models/${name}/MODEL_CARD.md`]));
  });

  it('PK12 importing touches no browser global: it works in Node', () => {
    const script = ['index', 'babylon', 'mediapipe', 'react']
      .map((name) => `await import('./lib/${name}.js');`)
      .join('\n');
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', `${script} console.log('imported')`], {
      cwd: process.cwd(),
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(out).toContain('imported');
  });

  it('PK16 the MediaPipe entry point has the static members of its FaceLandmarker', () => {
    const script = `
      const { FaceLandmarker: theirs } = await import('@mediapipe/tasks-vision');
      const { FaceLandmarker: ours } = await import('./lib/mediapipe.js');
      const names = Object.keys(theirs).filter((name) => name.startsWith('FACE_LANDMARKS_'));
      const same = names.filter((name) => JSON.stringify(ours[name]) === JSON.stringify(theirs[name]));
      console.log(names.length > 8 && same.length === names.length ? 'same' : names.filter((name) => !same.includes(name)));`;
    const args = ['--input-type=module', '-e', script];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 })).toBe('same\n');
  });

  it('PK12 code and declarations import only what is installed with the package', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    const imported = files()
      .filter((name) => /^lib\/[^/]*\.m?js$|\.d\.ts$/.test(name) && name !== 'lib/cli.mjs')
      .flatMap((name) => [...readFileSync(join(folder, 'package', name), 'utf8').matchAll(BARE_IMPORT)])
      .map(([, specifier, dynamic = '']) => (specifier ?? dynamic).match(/^(@[^/]+\/)?[^/]+/)?.[0]);
    expect(imported.length).toBeGreaterThan(50);
    expect([...new Set(imported)].filter((name) => !installed.includes(name ?? ''))).toEqual([]);
  });

  it('PK12 built modules contain no syntax of one bundler, and the worker imports no other file', () => {
    const code = files().filter((name) => /^lib\/.*\.m?js$/.test(name) && !name.includes('/wasm/'));
    for (const name of code) {
      const text = readFileSync(join(folder, 'package', name), 'utf8');
      expect(text, name).not.toMatch(/from ?["'][^"']*\?(url|raw|worker)["']|import\.meta\.(glob|env|hot)\b/);
    }
    const worker = readFileSync(join(folder, 'package/lib/assets/worker.mjs'), 'utf8');
    expect(worker).not.toMatch(/(^|[;}])import ?["'{*\w]|from ?["'][^"']+["'];/);
  });
});
