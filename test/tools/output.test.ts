import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFolder, openOutput, readEarlier } from '../../tools/track/output.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-output-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lineOf = (file: string) => JSON.stringify({ file });
const mesh = { obj: 'v 0 0 0', landmarks7: [[0, 0, 0]] };

/** A folder with the results of a run of these files. */
async function earlier(name: string, files: readonly string[], options = {}, complete = true): Promise<string> {
  const out = join(folder, name);
  const output = openOutput(out, { options });
  for (const file of files) output.add(file, { line: lineOf(file), mesh });
  await output.close(complete);
  return out;
}
const linesOf = (out: string) => readFileSync(join(out, 'frames.jsonl'), 'utf8');

describe('openOutput', () => {
  it('H8 refuses earlier results and changes nothing', async () => {
    const out = await earlier('refused', ['old']);
    expect(() => openOutput(out)).toThrow(/refused: there are earlier results.*--resume.*--force/);
    expect(linesOf(out)).toBe(`${lineOf('old')}\n`);
  });

  it.each(['masks', 'meshes', 'overlay'])('H8 refuses a folder with %s of its own', (name) => {
    const out = join(folder, `own-${name}`);
    mkdirSync(join(out, name), { recursive: true });
    writeFileSync(join(out, name, 'a.png'), 'mine');
    expect(() => checkFolder(out, 'new', {})).toThrow(name);
  });

  it('H8 --force replaces earlier results and keeps other files', async () => {
    const out = await earlier('forced', ['old']);
    writeFileSync(join(out, 'notes.txt'), 'mine');
    const output = openOutput(out, { mode: 'force' });
    output.add('new', { line: lineOf('new') });
    await output.close(true);
    expect(linesOf(out)).toBe(`${lineOf('new')}\n`);
    expect(existsSync(join(out, 'meshes'))).toBe(false);
    expect(existsSync(join(out, 'notes.txt'))).toBe(true);
  });

  it('H8 refuses a name that a file has', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => checkFolder(join(folder, 'file'), 'new', {})).toThrow(/a file of that name/);
  });

  it('H9 --resume keeps the lines, also of a run that was killed while it wrote one', async () => {
    const out = await earlier('killed', ['a', 'b'], {}, false);
    writeFileSync(join(out, 'frames.jsonl'), `${linesOf(out)}{"file":"c","fa`);
    expect(readEarlier(out)).toEqual({ files: new Set(['a', 'b']), lines: 2, complete: false });
    const output = openOutput(out, { mode: 'resume' });
    output.add('c', { line: lineOf('c'), mesh });
    await output.close(true);
    expect(linesOf(out)).toBe(`${['a', 'b', 'c'].map(lineOf).join('\n')}\n`);
    expect(Object.keys(JSON.parse(readFileSync(join(out, 'meshes/landmarks7.json'), 'utf8')))).toEqual(['a', 'b', 'c']);
    expect(readEarlier(out).complete).toBe(true);
  });

  it('H9 each line and each entry of landmarks7.json is on disk before the next frame', async () => {
    const out = join(folder, 'at-once');
    const output = openOutput(out);
    output.add('a', { line: lineOf('a'), mesh });
    expect(linesOf(out)).toBe(`${lineOf('a')}\n`);
    expect(JSON.parse(readFileSync(join(out, 'meshes/landmarks7.json'), 'utf8'))).toEqual({ a: [[0, 0, 0]] });
    await output.close(false);
  });

  it('O4 an OBJ names its material and texture, also in a subfolder', async () => {
    const out = join(folder, 'textured');
    const output = openOutput(out);
    output.add('deeper/a', { line: lineOf('a'), mesh, texture: 'AAAA' });
    const read = (name: string) => readFileSync(join(out, 'meshes/deeper', name), 'utf8');
    expect(read('a.obj')).toBe('mtllib a.mtl\nusemtl skin\nv 0 0 0');
    expect(read('a.mtl')).toContain('map_Kd a.png');
    expect(existsSync(join(out, 'meshes/deeper/a.png'))).toBe(true);
  });

  it('H9 --resume refuses other options than those of the earlier run, by name', async () => {
    const out = await earlier('options', ['a'], { faces: 4, smooth: false });
    expect(() => checkFolder(out, 'resume', { faces: 1, smooth: false })).toThrow(/--faces \(4\)/);
    expect(() => checkFolder(out, 'resume', { faces: 4, smooth: false, fov: undefined })).not.toThrow();
  });

  it('H9 --resume refuses a damaged file', async () => {
    const out = await earlier('damaged', ['a']);
    writeFileSync(join(out, 'frames.jsonl'), 'no line\n');
    expect(() => readEarlier(out)).toThrow(/a line is damaged/);
  });
});
