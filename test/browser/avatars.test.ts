import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPRESSION_NAMES } from '../../src/face/types';
import { avatarGlb, VRM0_NAMES, VRM1_NAMES, vrm0, vrm1 } from '../render/avatar/avatar-files';
import { appUrl, openBrowser, openWatched, pageData, type Watched, waitForData } from './harness';
import { type Box, drawPictures } from './pictures';

const LIGHT = { engine: 'webgl', provider: 'wasm' } as const;
/** A board over mouth and chin of the clip's man at 10 s, frame pixels. */
const BOARD: Box = { x: 250, y: 300, width: 150, height: 120 };
/** Pixels on both sides of the board's edge that do not count. */
const EDGE = 10;
/** Differences of a colour up to this are none. */
const SAME = 24;

let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  // Downloads and large files need a browser of their own.
  browser = await openBrowser({ shared: false });
  watched = await openWatched(browser, []);
  page = watched.page;
  const [covered] = await drawPictures(page, [{ time: 10, cover: BOARD }]);
  await page.goto(appUrl({ ...LIGHT, look: 'none' }));
  await waitForData(page, { frames: 1 });
  await page.setInputFiles('#file', { name: 'covered.jpg', mimeType: 'image/jpeg', buffer: covered ?? Buffer.of() });
  await page.waitForFunction(() => document.querySelector('#source-name')?.textContent === 'covered.jpg');
  const { frames } = await pageData(page);
  await waitForData(page, { frames: Number(frames) + 1, faces: '1' });
});
afterAll(() => browser?.close());

/** The canvas, 640 × 480 as the picture; drawn anew until nothing changes, as shaders compile in the background. */
async function seen(): Promise<PNG> {
  let last: Buffer = Buffer.of();
  for (let i = 0; i < 20; i++) {
    const next = await page.locator('#stage').screenshot();
    if (next.equals(last)) break;
    last = next;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  return PNG.sync.read(last);
}

function difference(a: PNG, b: PNG, x: number, y: number): number {
  const i = 4 * (y * a.width + x);
  return Math.max(...[0, 1, 2].map((c) => Math.abs((a.data[i + c] ?? 0) - (b.data[i + c] ?? 0))));
}

/** How far a pixel lies inside the board; below 0 outside. */
function depthIn({ x, y, width, height }: Box, px: number, py: number): number {
  return Math.min(px - x, py - y, x + width - 1 - px, y + height - 1 - py);
}

/** Of the pixels where `where` holds, the share in which the pictures differ. */
function changed(a: PNG, b: PNG, where: (x: number, y: number) => boolean): { share: number; count: number } {
  let count = 0;
  let different = 0;
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      if (!where(x, y)) continue;
      count++;
      if (difference(a, b, x, y) > SAME) different++;
    }
  }
  return { share: different / Math.max(1, count), count };
}

async function openFile(name: string, bytes: ArrayBuffer): Promise<void> {
  await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
}

describe('avatars', () => {
  it('AV12 AV13 covers the head, and keeps a board in front where it is, unless told otherwise', async () => {
    const bare = await seen();
    await page.keyboard.press('a');
    await waitForData(page, { avatar: 'Character', error: '' });
    const front = await seen();
    await page.keyboard.press('o');
    const over = await seen();
    await page.keyboard.press('o');
    const inside = (x: number, y: number) => depthIn(BOARD, x, y) > EDGE;
    const outside = (x: number, y: number) => depthIn(BOARD, x, y) < -EDGE;
    // Switched off, the avatar lies over the board: that shows where it is.
    const behind = (x: number, y: number) => inside(x, y) && difference(over, bare, x, y) > SAME;
    const hidden = changed(front, bare, behind);
    expect(hidden.count).toBeGreaterThan(3000);
    expect(hidden.share).toBeLessThan(0.05);
    const avatar = changed(front, over, (x, y) => outside(x, y) && difference(over, bare, x, y) > SAME);
    expect(avatar.count).toBeGreaterThan(20_000);
    expect(avatar.share).toBeLessThan(0.05);
  });

  it('AV14 shows it in a studio before a colour, or before nothing', async () => {
    await page.keyboard.press('t');
    const { data, width } = await seen();
    const at = (x: number, y: number) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
    expect(at(5, 5)).toEqual([0x2a, 0x33, 0x50, 255]);
    expect(at(320, 220)).not.toEqual(at(5, 5));

    // Mirrored it is the same picture the other way round: no triangle is lost, the light goes along.
    const plain = await seen();
    await page.keyboard.press('m');
    const mirrored = await seen();
    await page.keyboard.press('m');
    for (let row = 0; row < plain.height; row++) {
      const from = 4 * row * plain.width;
      const pixels = Array.from({ length: plain.width }, (_, i) =>
        mirrored.data.subarray(from + 4 * i, from + 4 * i + 4),
      );
      mirrored.data.set(Buffer.concat(pixels.reverse()), from);
    }
    expect(changed(plain, mirrored, () => true).share).toBeLessThan(0.02);
    expect(changed(plain, await seen(), () => true).share).toBeLessThan(0.001);
    await page.keyboard.press('b');
    await page.keyboard.press('b');
    expect((await pageData(page)).error).toBe('');
    const clear = PNG.sync.read(await page.screenshot({ omitBackground: true }));
    expect(clear.data[4 * (5 * clear.width + 5) + 3]).toBe(0);
    expect(clear.data[4 * (220 * clear.width + 320) + 3]).toBe(255);
    await page.keyboard.press('b');
    await page.keyboard.press('t');
  });

  it('AV15 says what is wrong with a broken or a huge file; the avatar before stays, the session goes on', async () => {
    const before = await seen();
    const huge = join(mkdtempSync(join(tmpdir(), 'peekaboo-avatar-')), 'huge.glb');
    writeFileSync(huge, Buffer.from('glTF'));
    truncateSync(huge, 101 * 2 ** 20);
    const whole = avatarGlb({ targets: ['jawOpen'] });
    const outside = avatarGlb({
      targets: [],
      change: (json) => Object.assign(json, { images: [{ uri: 'https://example.org/skin.png' }] }),
    });
    const copies = avatarGlb({
      targets: ['jawOpen'],
      change: ({ nodes }) => nodes.push(...Array.from({ length: 1000 }, () => ({ mesh: 0 }))),
    });
    const open: readonly [() => Promise<void>, RegExp][] = [
      [() => openFile('cut.glb', whole.slice(0, whole.byteLength - 100)), /cut\.glb is cut off/],
      [() => openFile('outside.vrm', outside), /outside\.vrm refers to https:\/\/example\.org/],
      [() => openFile('copies.glb', copies), /copies\.glb is too heavy .* triangles/],
      [() => page.setInputFiles('#file', huge), /huge\.glb is larger than 100 MB/],
    ];
    for (const [choose, said] of open) {
      await choose();
      await page.locator('#warnings li', { hasText: said }).waitFor();
      expect(await page.locator('#warnings li').count()).toBe(1);
    }
    await page.locator('#warnings li').getByRole('button').click();
    await waitForData(page, { avatar: 'Character', error: '', state: 'running' });
    expect(changed(await seen(), before, () => true).share).toBeLessThan(0.001);
    expect(watched.asked).toEqual([]);
  });

  const files: readonly [string, ArrayBuffer][] = [
    ['arkit.glb', avatarGlb({ targets: EXPRESSION_NAMES })],
    ['zero.vrm', avatarGlb({ targets: VRM0_NAMES, extensions: { VRM: vrm0(VRM0_NAMES) }, backward: true })],
    ['one.vrm', avatarGlb({ targets: VRM1_NAMES, extensions: { VRMC_vrm: vrm1(VRM1_NAMES) } })],
  ];
  it.each(files)(
    'AV16 opens %s in place of the one before: blue, with dark eyes, looking at the viewer',
    async (name, bytes) => {
      await openFile(name, bytes);
      await waitForData(page, { avatar: name, error: '' });
      const { data, width } = await seen();
      const blue: number[] = [];
      const dark: number[] = [];
      for (let i = 0; i < data.length; i += 4) {
        const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
        if (b > r + 40 && b > g + 5) blue.push((i / 4) % width);
        if (r < 60 && g < 60 && b < 60 && Math.floor(i / 4 / width) > 150) dark.push((i / 4) % width);
      }
      expect(blue.length).toBeGreaterThan(10_000);
      expect(dark.length).toBeGreaterThan(150);
      expect(watched.complaints).toEqual([]);
    },
  );
});
