import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { findPython } from '../../tools/lib/python.mjs';
import { faceFound } from './checks';
import { openBrowser, openWatched } from './harness';
import { drawPictures } from './pictures';
import { freshFolder, type Run, readLines, writePictures } from './tracker';

const folder = freshFolder();
const sets = join(folder, 'sets');
const out = join(folder, 'out');

/** Replaces the scoring tools: prints its arguments. */
const TOOL = 'import sys; print("| arguments |", *sys.argv[1:])';

beforeAll(async () => {
  const browser = await openBrowser();
  const { page } = await openWatched(browser);
  const [picture = ''] = await drawPictures(page, [{ time: 1 }]);
  await browser.close();
  for (const name of ['one', 'geometry']) writePictures(join(sets, name, 'images'), { 'a.jpg': picture });
  mkdirSync(join(sets, 'no-set'));
  for (const tool of ['score.py', 'score_geometry.py']) writeFileSync(join(folder, tool), TOOL);
});

function score(args: readonly string[]): Promise<Run> {
  const command = ['tools/score.mjs', sets, '--bundle', inject('bundle'), '--out', out, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

describe('score', () => {
  it.skipIf(!findPython(['numpy', 'PIL', 'scipy']))('J1 tracks every set and runs the scoring tools', async () => {
    const { code, stdout, stderr } = await score([]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('score:')]);
    expect(stdout).toContain(`| arguments | ${out} --sets ${sets} --set all --markdown --json`);
    expect(stdout).toContain(
      `| arguments | ${join(out, 'geometry')} --set ${join(sets, 'geometry')} --markdown --json`,
    );
    for (const name of ['one', 'geometry']) expect(faceFound(readLines(join(out, name)))).toBeNull();
  });

  it('J2 an unknown set exits with code 2 and lists the known ones', async () => {
    const { code, stderr } = await score(['--sets', 'one,two']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/two.*geometry, one/)]);
  });
});
