import { buffer } from 'node:stream/consumers';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input, type InputVideoTrack } from 'mediabunny';
import type { Browser, Download, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, openBrowser, openWatched, waitForData } from './harness';

const LIGHT = { engine: 'webgl', provider: 'wasm' } as const;
/** Seconds on the media's clock. */
const LENGTH = 2;
const PATIENCE = { timeout: 120_000 } as const;

let browser: Browser;

beforeAll(async () => {
  // Downloads and large files need a browser of their own.
  browser = await openBrowser({ shared: false });
});
afterAll(() => browser?.close());

async function openPage(settings: Record<string, string>): Promise<Page> {
  const { page } = await openWatched(browser, ['camera', 'microphone']);
  await page.goto(appUrl({ ...LIGHT, ...settings }));
  await waitForData(page, { frames: 2 });
  return page;
}

/** The browser may run in another process with its own folder for downloads: the file comes as a stream. */
async function bytesOf(download: Download): Promise<Buffer> {
  return buffer(await download.createReadStream());
}

/** Records until the take's own clock says so, and answers with the saved file. */
async function record(page: Page): Promise<{ name: string; bytes: Uint8Array }> {
  const saved = page.waitForEvent('download', PATIENCE);
  await page.keyboard.press('r');
  await waitForData(page, { take: 'recording' });
  const long = (seconds: number) => Number(document.documentElement.dataset.takeSeconds) >= seconds;
  await page.waitForFunction(long, LENGTH, PATIENCE);
  await page.keyboard.press('r');
  const download = await saved;
  await waitForData(page, { take: 'idle' });
  return { name: download.suggestedFilename(), bytes: new Uint8Array(await bytesOf(download)) };
}

async function read(bytes: Uint8Array): Promise<{ input: Input; video: InputVideoTrack }> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const video = await input.getPrimaryVideoTrack();
  if (!video) throw new Error('the take has no picture');
  return { input, video };
}

async function timesOf(track: InputVideoTrack): Promise<number[]> {
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) times.push(packet.timestamp);
  return times.sort((a, b) => a - b);
}

/** Software drawing of a whole page leaves a busy machine little. */
describe('takes', { timeout: 300_000 }, () => {
  it('TK1 TK4 records the sample clip, and saves what there is when another source is chosen', async () => {
    const page = await openPage({ look: 'none' });
    const { name, bytes } = await record(page);
    const { input, video } = await read(bytes);
    expect(name).toMatch(/^peekaboo-[\d-]+\.(mp4|webm)$/);
    const times = await timesOf(video);
    expect(times[0]).toBeCloseTo(0, 2);
    expect(times.at(-1)).toBeGreaterThan(LENGTH - 0.1);
    // The clip is 4 : 3, and so is the canvas of the test.
    expect([video.displayWidth, video.displayHeight]).toEqual([640, 480]);
    // The clip has no sound.
    expect(await input.getPrimaryAudioTrack()).toBeNull();

    const saved = page.waitForEvent('download', PATIENCE);
    await page.keyboard.press('r');
    await waitForData(page, { take: 'recording' });
    await page.waitForFunction(() => Number(document.documentElement.dataset.takeSeconds) > 0.3, null, PATIENCE);
    await page.evaluate(() => document.querySelector<HTMLButtonElement>('#source-cam')?.click());
    const rest = await read(new Uint8Array(await bytesOf(await saved)));
    expect((await timesOf(rest.video)).length).toBeGreaterThan(0);
    await page.close();
  });

  it('TK2 records a camera without sound unless the microphone is asked for', async () => {
    const page = await openPage({ source: 'cam', clean: '0', look: 'none' });
    const silent = await read((await record(page)).bytes);
    expect(await silent.input.getPrimaryAudioTrack()).toBeNull();
    await page.getByText('Photo and video', { exact: true }).click();
    await page.getByText('Record the microphone with the camera').click();
    const { input } = await read((await record(page)).bytes);
    expect(await (await input.getPrimaryAudioTrack())?.computeDuration()).toBeGreaterThan(LENGTH - 0.6);
    await page.close();
  });

  it('TK3 TK5 takes photos and videos that are transparent where the view is', async () => {
    const page = await openPage({ look: 'face', clean: '1', backdrop: 'transparent' });
    const saved = page.waitForEvent('download', PATIENCE);
    await page.keyboard.press('p');
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/\.png$/);
    const { data, width, height } = PNG.sync.read(await bytesOf(download));
    const alpha = (x: number, y: number) => data[4 * (Math.round(y * height) * width + Math.round(x * width)) + 3];
    expect(alpha(0.03, 0.03)).toBe(0);
    expect(alpha(0.5, 0.5)).toBeGreaterThan(180);
    expect((await record(page)).name).toMatch(/\.webm$/);
    await page.close();
  });
});
