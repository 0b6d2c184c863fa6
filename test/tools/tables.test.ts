import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../tools/lib/python.mjs';
import { textNpy } from '../../tools/track/npy.mjs';
import { writeTables } from '../../tools/track/tables.mjs';

const GOLDEN = 'test/golden/frames.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'peekaboo-tables-'));
const lines = readFileSync(GOLDEN, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const faces = lines.flatMap((line) => line.faces);
const read = (name: string) => readFileSync(join(folder, name));

beforeAll(async () => {
  copyFileSync(GOLDEN, join(folder, 'frames.jsonl'));
  await writeTables(folder, { csv: true, npz: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('frames.csv', () => {
  it('O9 has a row for each face, and one for a frame without faces', () => {
    const [header = '', ...rows] = read('frames.csv').toString().trim().split('\n');
    const columns = header.split(',');
    expect(new Set(columns).size).toBe(columns.length);
    expect(rows).toHaveLength(lines.reduce((sum, line) => sum + Math.max(1, line.faces.length), 0));
    const cells = rows.map((row) => row.split(','));
    expect(cells.every((row) => row.length === columns.length)).toBe(true);
    const at = (row: number, column: string) => cells[row]?.[columns.indexOf(column)];
    expect(Number(at(0, 'points68_30_y'))).toBe(faces[0].points68[30][1]);
    expect(Number(at(0, 'expression_jawOpen'))).toBe(faces[0].coefficients.expression.jawOpen);
    expect(Number(at(0, 'camera_scale'))).toBe(faces[0].camera.scale);
    const empty = lines.findIndex((line) => line.faces.length === 0);
    expect(empty).toBeGreaterThan(0);
    expect(cells.find((row) => row[5] === '')?.slice(5)).toEqual(columns.slice(5).map(() => ''));
  });

  it('O9 quotes names with commas and quotation marks', async () => {
    const other = mkdtempSync(join(folder, 'names-'));
    writeFileSync(join(other, 'frames.jsonl'), `${JSON.stringify({ ...lines[0], file: 'a, "b".jpg', faces: [] })}\n`);
    await writeTables(other, { csv: true });
    expect(readFileSync(join(other, 'frames.csv'), 'utf8')).toContain('"a, ""b"".jpg",');
  });
});

describe('faces.npz', () => {
  it('O9 has one array for each field, each aligned to 64 bytes', () => {
    const arrays = unzipSync(read('faces.npz'));
    expect(Object.keys(arrays)).toContain('points68.npy');
    for (const bytes of Object.values(arrays)) {
      expect(Buffer.from(bytes).subarray(1, 6).toString('latin1')).toBe('NUMPY');
      expect((10 + Buffer.from(bytes).readUInt16LE(8)) % 64).toBe(0);
    }
  });

  it('O9 texts keep letters of all scripts', () => {
    const bytes = textNpy(['é', '日本', '😀']);
    const start = 10 + bytes.readUInt16LE(8);
    expect(bytes.length - start).toBe(3 * 2 * 4);
    expect(bytes.readUInt32LE(start + 16)).toBe(0x1f600);
  });

  it.skipIf(!findPython(['numpy']))('O9 numpy reads what frames.jsonl holds', () => {
    const script = `
import json, sys, numpy as np
with np.load(sys.argv[1]) as a:
    print(json.dumps({k: [list(a[k].shape), a[k].reshape(-1)[:200].tolist()] for k in a.files}))`;
    const python = findPython(['numpy']) ?? 'python3';
    const output = execFileSync(python, ['-c', script, join(folder, 'faces.npz')], { encoding: 'utf8' });
    const arrays: Record<string, [number[], (number | string)[]]> = JSON.parse(output);
    expect(arrays.points68?.[0]).toEqual([faces.length, 68, 2]);
    expect(arrays.points68?.[1][1]).toBeCloseTo(faces[0].points68[0][1], 3);
    expect(arrays.frame?.[1]).toEqual(lines.flatMap((line, i) => line.faces.map(() => i)));
    expect(arrays.frame_file?.[1]).toEqual(lines.map(({ file }) => file));
    expect(arrays.expression_names?.[1]).toEqual(Object.keys(faces[0].coefficients.expression));
  });
});
