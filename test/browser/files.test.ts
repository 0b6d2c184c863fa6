import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOff, damaged, fixture } from '../fixtures/fixtures';
import { appUrl, openBrowser, openWatched, pageData, type Watched, waitForData } from './harness';

/** Milliseconds within which the page must give the reason; the limit for users is 2 s on an idle machine. */
const SOON = 10_000;

let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  watched = await openWatched(browser, []);
  page = watched.page;
  await page.goto(appUrl({ engine: 'webgl', provider: 'wasm', look: 'none', clean: '0' }));
  await waitForData(page, { frames: 2, state: 'running' });
});
afterAll(() => browser?.close());

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const whole = fixture('front-index.mp4');

async function openFile(name: string, bytes: Uint8Array, mimeType = 'application/octet-stream'): Promise<void> {
  await page.setInputFiles('#file', { name, mimeType, buffer: Buffer.from(bytes) });
}

async function goesOn(): Promise<void> {
  const { frames } = await pageData(page);
  await waitForData(page, { frames: Number(frames) + 2, state: 'running' });
}

/** Files of which nothing can be shown, and the reason that the page gives. */
const REFUSED: readonly [string, Uint8Array, RegExp][] = [
  ['audioonly.mp4', fixture('audioonly.mp4'), /no picture in this file: audioonly\.mp4 has no video track/],
  ['truncated.mp4', fixture('truncated.mp4'), /the file is cut off, its index is missing/],
  ['headless.mp4', whole.slice(3000), /its beginning is damaged or missing/],
  ['part2.mp4', fixture('part2.mp4'), /MPEG-4 Part 2 \(DivX, Xvid\)/],
  ['part2-sound.mp4', fixture('part2-sound.mp4'), /MPEG-4 Part 2 \(DivX, Xvid\)/],
  ['part2.avi', fixture('part2.avi'), /an AVI video, which browsers do not play/],
  ['empty.mp4', new Uint8Array(), /it is empty/],
  ['zeros.mp4', new Uint8Array(3000), /only zero bytes/],
  ['letter.mp4', bytesOf('Dear reader'), /contains text/],
  ['empty.png', new Uint8Array(), /it is empty/],
  ['photo.heic', bytesOf('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /a HEIC picture.*Use JPEG, PNG or WebP/],
  ['scan.tiff', bytesOf('II*\0\x08\0\0\0\0\0'), /a TIFF picture.*Use JPEG, PNG or WebP/],
  ['hero.pmx', bytesOf('PMX \0\0\0\x40'), /an MMD model.*\.glb.*\.vrm/],
  ['hero.fbx', bytesOf('Kaydara FBX Binary  \0'), /an FBX model.*\.glb.*\.vrm/],
  ['hero.gltf', bytesOf('{"asset":{"version":"2.0"},"buffers":[{"uri":"data:,a"}]}'), /text form.*\.glb.*\.vrm/],
  ['paper.pdf', bytesOf('%PDF-1.7 '), /a PDF document.*Accepted are videos/],
];

describe('files', { timeout: 120_000 }, () => {
  it.each(REFUSED)('F10 A15 %s: the page gives the reason, and the session goes on', async (name, bytes, reason) => {
    await openFile(name, bytes);
    const error = page.locator('#error', { hasText: reason });
    await error.waitFor({ timeout: SOON });
    const text = (await error.textContent()) ?? '';
    expect(text).toContain(name);
    expect(text).not.toMatch(/DEMUXER|PIPELINE|MEDIA_ELEMENT|null|undefined/);
    expect(await page.locator('#source-name').textContent()).toBe('Sample clip');
    expect(await page.locator('#source-sample').getAttribute('aria-current')).toBe('true');
    await goesOn();
    await page.locator('#error-close').click();
    await error.waitFor({ state: 'hidden' });
    expect((await pageData(page)).error).toBe('');
  });

  it('A16 a message leaves the picture uncovered', async () => {
    await openFile('hero.pmx', bytesOf('PMX '));
    await openFile('hero.fbx', bytesOf('Kaydara FBX Binary  \0'));
    await page.locator('#error', { hasText: 'hero.fbx' }).waitFor();
    const [error, canvas] = await Promise.all(['#error', '#stage'].map((it) => page.locator(it).boundingBox()));
    expect(error?.y).toBeGreaterThanOrEqual((canvas?.y ?? 0) + (canvas?.height ?? 1e9));
    await page.locator('#error-close').click();
  });

  it.each([
    ['damaged.mp4', damaged(whole, 0.6, 0.8), /damaged\.mp4 is damaged from 0:0[12]/],
    ['cut.mp4', cutOff(whole, 0.6), /cut\.mp4 is damaged from 0:0[12]/],
    ['cut.webm', cutOff(fixture('clip.webm'), 0.6), /cut\.webm is damaged/],
  ])('F10 %s: its first part is played again and again, and the page names the damage', async (name, bytes, reason) => {
    await openFile(name, bytes);
    await page.locator('#warnings li', { hasText: reason }).waitFor({ timeout: SOON });
    await waitForData(page, { state: 'running', error: '' });
    const { frames } = await pageData(page);
    await waitForData(page, { frames: Number(frames) + 40 });
    expect(await page.locator('#source-name').textContent()).toBe(name);
    expect(await page.locator('#warnings li').count()).toBe(1);
  });

  it.each(['moving.gif', 'moving.webp'])('F10 %s is played', async (name) => {
    await openFile(name, fixture(name));
    await page.locator('#source-name', { hasText: name }).waitFor();
    const { frames } = await pageData(page);
    await waitForData(page, { frames: Number(frames) + 8, state: 'running' });
    expect(await page.locator('#warnings li').count()).toBe(0);
  });

  it('F10 the content decides, not the name', async () => {
    await openFile('clip.jpg', fixture('clip.webm'), 'image/jpeg');
    await page.locator('#source-name', { hasText: 'clip.jpg' }).waitFor();
    await goesOn();
    expect((await pageData(page)).error).toBe('');
    expect([watched.asked, watched.complaints]).toEqual([[], []]);
  });
});
