import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { coverMasked, faceFound, type Line, nothingMasked, pointsFollow, sidesRight } from './checks';
import { appUrl, closePages, openBrowser, openWatched, waitForData } from './harness';
import { type Box, drawPictures, type Rgba } from './pictures';
import { freshFolder, readLines, readMask, track, writePictures } from './tracker';

/** A board in front of mouth and chin. */
const COVER: Box = { x: 240, y: 300, width: 180, height: 110 };
/** Parts of the board and of the forehead above it, where the face is drawn. */
const BOARD: Box = { x: 290, y: 320, width: 70, height: 40 };
const FOREHEAD: Box = { x: 300, y: 190, width: 60, height: 20 };
const POLL = { timeout: 60_000 };
const SHIFTS = [-60, -30, 0, 30, 60];
const out = join(freshFolder(), 'out');

let browser: Browser;
let covered: Buffer;
let lines: ReturnType<typeof readLines>;

beforeAll(async () => {
  browser = await openBrowser();
  const { page } = await openWatched(browser);
  const moved = SHIFTS.map((shift) => ({ time: 1, shift }));
  const [board, ...clean] = await drawPictures(page, [{ time: 1, cover: COVER }, ...moved]);
  if (!board) throw new Error('nothing was drawn');
  covered = board;
  const named = Object.fromEntries(clean.map((bytes, i) => [`clean${i}.jpg`, bytes]));
  const folder = writePictures(join(out, 'in'), { ...named, 'covered.jpg': covered });
  await track([folder, '--out', out, '--provider', 'wasm', '--masks']);
  lines = readLines(out);
});
afterEach(() => closePages(browser));
afterAll(() => browser?.close());

const lineOf = (file: string): Line => {
  const line = lines.find((candidate) => candidate.file === file);
  if (!line) throw new Error(`no line for ${file}`);
  return line;
};
const cleanLines = () => SHIFTS.map((_, i) => lineOf(`clean${i}.jpg`));
const blank = ({ data, width, height }: Rgba): Rgba => ({ data: data.map(() => 0), width, height });
const full = ({ data, width, height }: Rgba): Rgba => ({ data: data.map(() => 255), width, height });
const mirrored = (line: Line): Line => ({
  ...line,
  faces: line.faces.map(({ points68 }) => ({ points68: points68.map(([x, y]) => [line.width - 1 - x, y] as const) })),
});

describe('occlusion', () => {
  it('X1 every frame has its face, also behind a board', () => {
    expect(faceFound(lines)).toBeNull();
    expect(faceFound([...lines, { width: 1, height: 1, faces: [] }])).toContain('no face in 1');
  });

  it('X2 a board in front of the face is masked where it is; a blank or a full mask would be seen', () => {
    const mask = readMask(out, 'covered');
    const line = lineOf('covered.jpg');
    expect(coverMasked(mask, line, COVER)).toBeNull();
    expect(coverMasked(blank(mask), line, COVER)).toContain('intersection over union');
    expect(coverMasked(full(mask), line, COVER)).toContain('intersection over union');
  });

  it('X3 nothing is masked without it; a full mask would be seen', () => {
    for (const i of SHIFTS.keys())
      expect(nothingMasked(readMask(out, `clean${i}`), lineOf(`clean${i}.jpg`))).toBeNull();
    expect(nothingMasked(full(readMask(out, 'clean0')), lineOf('clean0.jpg'))).toContain('masked');
  });

  it('X4 the points go where the face goes; a frozen or a mirrored face would be seen', () => {
    const right = cleanLines();
    expect(pointsFollow(right, SHIFTS)).toBeNull();
    expect(
      pointsFollow(
        right.map(() => right[0] as Line),
        SHIFTS,
      ),
    ).toContain('0.00 times');
    expect(pointsFollow(right.map(mirrored), SHIFTS)).toContain('-1.0');
  });

  it('X5 right is right and left is left; a mirrored face would be seen', () => {
    for (const line of cleanLines()) expect(sidesRight(line)).toBeNull();
    expect(sidesRight(mirrored(lineOf('clean2.jpg')))).toContain('exchanged');
  });

  it('X6 the page keeps the board in front of the face it draws, and only when asked to', async () => {
    const { page } = await openWatched(browser);
    const picture = async () => PNG.sync.read(await page.screenshot());
    const click = (selector: string) => page.locator(selector).dispatchEvent('click');
    await page.goto(appUrl({ source: 'file', provider: 'wasm', engine: 'webgl', look: 'none', occlusion: '1' }));
    await page.setInputFiles('#file', { name: 'covered.jpg', mimeType: 'image/jpeg', buffer: covered });
    await waitForData(page, { frames: 1, faces: '1', engine: 'webgl2' });
    const plain = await picture();

    await click('[data-setting=look][value=face]');
    await expect.poll(async () => changed(plain, await picture(), FOREHEAD), POLL).toBeGreaterThan(0.5);
    expect(changed(plain, await picture(), BOARD)).toBeLessThan(0.1);
    await click('[data-setting=occlusion]');
    await expect.poll(async () => changed(plain, await picture(), BOARD), POLL).toBeGreaterThan(0.7);
  });
});

/** Share of a box's pixels that differ by more than a little. */
function changed(before: Rgba, after: Rgba, box: Box): number {
  let count = 0;
  for (let y = box.y; y < box.y + box.height; y += 1) {
    for (let x = box.x; x < box.x + box.width; x += 1) {
      const at = 4 * (y * before.width + x);
      const differs = (channel: number) =>
        Math.abs((before.data[at + channel] ?? 0) - (after.data[at + channel] ?? 0)) > 8;
      count += Number([0, 1, 2].some(differs));
    }
  }
  return count / (box.width * box.height);
}
