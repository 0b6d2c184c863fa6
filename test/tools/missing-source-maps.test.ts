import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutMissingSourceMaps } from '../../tools/missing-source-maps.mjs';

let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'peekaboo-maps-')), 'node_modules');
  mkdirSync(folder);
  const script = (map: string) => `export const a = 1;\n//# sourceMappingURL=${map}\n`;
  writeFileSync(join(folder, 'without.mjs'), script('without_mjs.js.map'));
  writeFileSync(join(folder, 'with.mjs'), script('with.mjs.map'));
  writeFileSync(join(folder, 'with.mjs.map'), '{}');
  writeFileSync(join(folder, 'inline.mjs'), script('data:application/json;base64,e30='));
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

function load(name: string): Promise<{ code: string; map: null } | null> {
  const { load: hook } = withoutMissingSourceMaps() as unknown as { load(id: string): ReturnType<typeof load> };
  return hook(join(folder, name));
}

describe('withoutMissingSourceMaps', () => {
  it('Q6 removes the reference to a source map that is not in the package', async () => {
    expect(await load('without.mjs?v=1')).toEqual({ code: 'export const a = 1;\n', map: null });
  });

  it.each(['with.mjs', 'inline.mjs', 'absent.mjs'])('Q6 leaves %s to vite', async (name) => {
    expect(await load(name)).toBeNull();
  });
});
