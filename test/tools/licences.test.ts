import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleLicences, licencesOf } from '../../tools/lib/bundle-licences.mjs';
import { listPackages } from '../../tools/sbom.mjs';

const root = mkdtempSync(join(process.cwd(), '.cache/licences-'));
afterAll(() => rmSync(root, { recursive: true }));

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };

describe('licences', () => {
  it('LC1 a build has the licences of the page and of its worker', async () => {
    writeFileSync(join(root, 'index.html'), '<script type="module" src="main.js"></script>');
    writeFileSync(
      join(root, 'main.js'),
      `import 'tinykeys'; new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });`,
    );
    writeFileSync(join(root, 'worker.js'), `import { clear } from 'idb-keyval'; self.onmessage = clear;`);
    const licences = bundleLicences();
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [licences.page],
      worker: { format: 'es', plugins: () => [licences.worker] },
      build: { rollupOptions: { treeshake: false } },
    });
    const text = readFileSync(join(root, 'dist/licenses/THIRD-PARTY.txt'), 'utf8');
    for (const name of ['tinykeys', 'idb-keyval', 'clmtrackr']) expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(text).not.toContain('rxjs');
    for (const name of ['LICENSE', 'NOTICE', 'licenses/Apache-2.0.txt']) {
      expect(readFileSync(join(root, 'dist', name), 'utf8')).toBe(readFileSync(name, 'utf8'));
    }
  });

  it('LC1 every dependency has a licence text', () => {
    const text = licencesOf(Object.keys(dependencies));
    for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`${name} ${version}, `);
  });

  it('LC2 the bill of materials lists every dependency at its version', () => {
    const { bomFormat, components, metadata } = JSON.parse(listPackages());
    expect(bomFormat).toBe('CycloneDX');
    expect(metadata.component.name).toBe('peekaboo-face');
    const listed = components.map(({ name, version }: { name: string; version: string }) => `${name} ${version}`);
    for (const [name, version] of Object.entries(dependencies)) expect(listed).toContain(`${name} ${version}`);
  }, 30_000);
});
