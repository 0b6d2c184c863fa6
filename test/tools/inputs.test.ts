import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, NoChromiumError } from '../../tools/lib/chromium.mjs';
import { listInputs } from '../../tools/track/inputs.mjs';

const folder = mkdtempSync(join(tmpdir(), 'peekaboo-inputs-'));
const at = (...names: string[]) => join(folder, ...names);

beforeAll(() => {
  mkdirSync(at('pictures', 'deeper'), { recursive: true });
  mkdirSync(at('empty'));
  for (const name of ['b.jpg', 'a.PNG', 'a.jpg', '.hidden.jpg', 'notes.txt', 'deeper/c.jpg']) {
    writeFileSync(at('pictures', name), '');
  }
  mkdirSync(at('formats'));
  for (const name of ['b.jpg', 'b.HEIC', 'c.tiff', 'd.avi', 'e.txt']) writeFileSync(at('formats', name), '');
  writeFileSync(at('clip.mp4'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const names = (files: { name: string }[]) => files.map(({ name }) => name);

describe('inputs', () => {
  it('T1 a folder gives its pictures by name; hidden, deeper and other files are left out', () => {
    const { images, videos } = listInputs([at('pictures')]);
    expect(names(images)).toEqual(['a', 'a.jpg', 'b']);
    expect(videos).toEqual([]);
  });

  it('T1 subfolders are named as skipped, or included with --recursive under their path', () => {
    const flat = listInputs([at('pictures')]);
    expect(flat.notes).toEqual([expect.stringMatching(/deeper: skipped, it is a subfolder; use --recursive/)]);
    const { images, notes } = listInputs([at('pictures')], { recursive: true });
    expect(notes).toEqual([]);
    expect(images.map(({ file, name }) => [file, name])).toContainEqual(['deeper/c.jpg', 'deeper/c']);
  });

  it('T1 pictures and videos of formats that cannot be read are named, other files are not', () => {
    const { failed, images } = listInputs([at('formats')]);
    expect(images).toHaveLength(1);
    expect(failed).toEqual([
      expect.stringMatching(/b\.HEIC: skipped, HEIC files cannot be read; convert it to JPEG or PNG/),
      expect.stringMatching(/c\.tiff: skipped/),
      expect.stringMatching(/d\.avi: skipped, AVI files cannot be read; convert it to MP4/),
    ]);
  });

  it('T1 files with one name in two folders keep labels and names of their own', () => {
    const { images } = listInputs([at('pictures', 'b.jpg'), at('formats', 'b.jpg')]);
    expect(new Set(images.map(({ file }) => file)).size).toBe(2);
    expect(names(images)).toEqual(['b', 'b.jpg']);
  });

  it('T2 pictures and videos can be mixed; a file given twice is tracked once', () => {
    const { images, videos } = listInputs([at('clip.mp4'), at('pictures', 'b.jpg'), at('pictures', 'b.jpg')]);
    expect([names(images), names(videos)]).toEqual([['b'], ['clip']]);
  });

  it.each([
    ['nowhere.jpg', 'no such file'],
    ['empty', 'no images'],
    ['pictures/notes.txt', 'neither an image'],
    ['formats/b.HEIC', 'HEIC files cannot be read'],
  ])('T3 %s is refused with its name: %s', (name, reason) => {
    expect(() => listInputs([at(name)])).toThrow(new RegExp(`${name}.*${reason}`));
  });
});

describe('chromium', () => {
  it('U1 a variable that names no program is an error, not passed over', () => {
    expect(() => findChromium({ PEEKABOO_CHROMIUM: at('clip.mp4') })).toThrow(NoChromiumError);
  });

  it('U2 a variable that names a program wins', () => {
    expect(findChromium({ PEEKABOO_CHROMIUM: process.execPath, PATH: '' })).toBe(process.execPath);
  });
});
