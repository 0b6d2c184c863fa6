import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFolder, openOutput } from '../../tools/track/output.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-output-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('openOutput', () => {
  it("H8 replaces an earlier run's results and leaves other files", async () => {
    const out = join(folder, 'out');
    const first = openOutput(out);
    first.add('old', { line: '{}', mask: '', overlay: '', mesh: { obj: 'v 0 0 0', landmarks7: [] } });
    await first.close();
    writeFileSync(join(out, 'notes.txt'), 'mine');
    const second = openOutput(out);
    second.add('new', { line: '{"file":"new"}', mask: '', overlay: '', mesh: null });
    await second.close();
    expect(readFileSync(join(out, 'frames.jsonl'), 'utf8')).toBe('{"file":"new"}\n');
    expect(existsSync(join(out, 'meshes'))).toBe(false);
    expect(existsSync(join(out, 'notes.txt'))).toBe(true);
  });

  it('H8 touches nothing in a folder that holds no results', async () => {
    const out = join(folder, 'mine');
    mkdirSync(join(out, 'masks'), { recursive: true });
    writeFileSync(join(out, 'masks/a.png'), 'mine');
    await openOutput(out).close();
    expect(existsSync(join(out, 'masks/a.png'))).toBe(true);
  });

  it('H8 refuses a name that a file has', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => checkFolder(join(folder, 'file'))).toThrow(/a file of that name/);
  });
});
