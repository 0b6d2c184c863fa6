import { buffer } from 'node:stream/consumers';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, openBrowser, openWatched, type Watched, waitForData } from './harness';

const QUERY = { engine: 'webgl', provider: 'wasm', clean: '0' } as const;
const PATIENCE = { timeout: 120_000 } as const;

let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser({ shared: false });
  watched = await openWatched(browser, []);
  page = watched.page;
  await page.goto(appUrl(QUERY));
  await waitForData(page, { frames: 2, faces: '1' });
  await page.locator('summary', { hasText: 'Recordings' }).click();
});
afterAll(() => browser?.close());

const items = () => page.getByRole('list', { name: 'Recordings' }).getByRole('listitem');

async function recordFrames(count: number): Promise<void> {
  await page.keyboard.press('d');
  await waitForData(page, { recording: 'countdown' });
  await page.locator('.lead-in', { hasText: 'Recording starts' }).waitFor();
  await waitForData(page, { recording: 'recording' });
  const has = (wanted: number) => Number(document.documentElement.dataset.recordingFrames) >= wanted;
  await page.waitForFunction(has, Math.ceil(count / 2), PATIENCE);
  await page.keyboard.press('k');
  await page.waitForFunction(has, count, PATIENCE);
  await page.keyboard.press('d');
  await waitForData(page, { recording: 'idle' });
}

async function exported(format: string): Promise<{ name: string; bytes: Buffer }> {
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByLabel(/^Format/).selectOption(format);
  const saved = page.waitForEvent('download', PATIENCE);
  await dialog.getByRole('button', { name: 'Export' }).click();
  const download = await saved;
  return { name: download.suggestedFilename(), bytes: await buffer(await download.createReadStream()) };
}

describe('recordings', { timeout: 300_000 }, () => {
  it('RU1 records with the keyboard, lists the recording with its curves, and keeps it over a reload', async () => {
    await recordFrames(6);
    await expect.poll(() => items().count()).toBe(1);
    expect(await items().first().textContent()).toMatch(/Sample clip.*\d+ frames · 1 marker/);
    const jaw = items().first().locator('path.jaw');
    await expect.poll(() => jaw.getAttribute('d')).toMatch(/^M0\.0 /);
    await page.reload();
    await waitForData(page, { frames: 2 });
    await page.locator('summary', { hasText: 'Recordings' }).click();
    await expect.poll(() => items().count()).toBe(1);
  });

  it('RU6 exports each format from the dialog', async () => {
    await waitForData(page, { faces: '1' });
    await items().first().getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await expect.poll(() => dialog.getByRole('button', { name: 'Export' }).isEnabled()).toBe(true);
    expect(await dialog.getByLabel(/^Face/).locator('option').first().textContent()).toMatch(/^Face 1 \(\d+ frames\)$/);
    const csv = await exported('llf');
    expect(csv.name).toMatch(/\.livelink\.csv$/);
    const rows = csv.bytes.toString('utf8').trimEnd().split('\n');
    expect(rows[0]?.split(',')).toHaveLength(63);
    expect(rows.length).toBeGreaterThan(5);
    const glb = await exported('glb');
    expect(glb.bytes.toString('latin1', 0, 4)).toBe('glTF');
    expect(glb.bytes.readUInt32LE(8)).toBe(glb.bytes.length);
    await dialog.getByLabel(/^Format/).selectOption('avatar');
    await dialog.getByRole('button', { name: 'Export' }).click();
    await dialog.getByText('No avatar is loaded.').waitFor();
    await dialog.getByLabel(/^Frames/).selectOption('60');
    const bvh = await exported('bvh');
    expect(bvh.bytes.toString('utf8')).toContain('Frame Time: 0.01666667');
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  it('RU7 saves a recording, opens the file again, renames and deletes', async () => {
    const saved = page.waitForEvent('download', PATIENCE);
    await items().first().getByRole('button', { name: 'Save' }).click();
    const file = await buffer(await (await saved).createReadStream());
    const lines = file.toString('utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 'peekaboo-recording', version: 1, state: 'complete' });
    expect(Object.keys(JSON.parse(lines[1] ?? '').faces[0].raw)).toEqual(['expression', 'pose', 'camera']);
    const input = page.getByLabel('Recording from a file');
    await input.setInputFiles({ name: 'take.jsonl', mimeType: 'application/jsonl', buffer: file });
    await expect.poll(() => items().count()).toBe(2);
    await items().first().getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name of' }).fill('Second');
    await page.keyboard.press('Enter');
    await page.getByText('Second', { exact: true }).waitFor();
    const removed = items().filter({ hasText: 'Second' });
    await removed.getByRole('button', { name: 'Delete' }).click();
    await removed.getByRole('button', { name: 'Really delete?' }).click();
    await expect.poll(() => items().count()).toBe(1);
    await input.setInputFiles({ name: 'x.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('hello\n') });
    await page.getByText('x.jsonl is no recording of Peekaboo').waitFor();
    expect(await items().count()).toBe(1);
  });

  it('RU8 fits a window of 390 pixels', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    const section = page.locator('#section-recordings');
    await section.scrollIntoViewIfNeeded();
    if (process.env.PEEKABOO_PICTURES)
      await section.screenshot({ path: `${process.env.PEEKABOO_PICTURES}/recordings-390.png` });
    const { overflow } = await section.evaluate((node) => ({ overflow: node.scrollWidth - node.clientWidth }));
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
