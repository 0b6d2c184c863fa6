import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { appUrl, closePages, openBrowser, openWatched, pageData, waitForData } from './harness';
import { cameraFile, drawPictures, type Rgba, readCode } from './pictures';

/**
 * The face moves to and fro; how far, in pixels, for each numbered frame. No further than a tracker follows that sees
 * only a few of the frames.
 */
const SHIFTS = Array.from({ length: 32 }, (_, i) => Math.round(12 * Math.sin((2 * Math.PI * i) / 16)));
const SHOTS = 8;
/** Pixels by which the mesh's middle may wander on the face. */
const WANDER = 8;

let browser: Browser;

beforeAll(async () => {
  const drawing = await openBrowser();
  const { page } = await openWatched(drawing);
  const jpegs = await drawPictures(
    page,
    SHIFTS.map((shift, code) => ({ time: 1, shift, code })),
  );
  await drawing.close();
  browser = await openBrowser({ camera: cameraFile(jpegs) });
});
afterEach(() => closePages(browser));
afterAll(() => browser?.close());

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

/** Middle of all coloured pixels below the bar code, from left to right: the video is grey, the mesh is not. */
function colouredMiddle({ data, width, height }: Rgba): number | null {
  let sum = 0;
  let count = 0;
  for (let y = 24; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r = 0, g = 0, b = 0] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3);
      if (Math.max(r, g, b) - Math.min(r, g, b) < 40) continue;
      sum += x;
      count += 1;
    }
  }
  return count > 50 ? sum / count : null;
}

describe('page', () => {
  it('L1 tracks a webcam, and mesh and video of one picture are of the same frame; a mesh that stays would be seen', async () => {
    const { page, asked, complaints } = await openWatched(browser);
    await page.goto(
      appUrl({ source: 'cam', provider: 'wasm', engine: 'webgl', look: 'wireframe', mirror: '0', smooth: '0' }),
    );
    await waitForData(page, { frames: 5, faces: '1', engine: 'webgl2' });
    expect(await pageData(page)).toMatchObject({ provider: 'wasm', engine: 'webgl2', state: 'running', error: '' });

    const shots: { shift: number; middle: number }[] = [];
    while (shots.length < SHOTS || spread(shots.map(({ shift }) => shift)) < 2 * WANDER) {
      const { frames } = await pageData(page);
      await waitForData(page, { frames: Number(frames) + 1, faces: '1' });
      const picture = PNG.sync.read(await page.screenshot());
      const code = readCode(picture);
      const middle = colouredMiddle(picture);
      if (code === null || middle === null) throw new Error(`bar code ${code}, mesh at ${middle}`);
      shots.push({ shift: SHIFTS[code] ?? Number.NaN, middle });
    }
    expect(spread(shots.map(({ shift, middle }) => middle - shift))).toBeLessThan(WANDER);
    const ofOtherFrames = shots.map(({ middle }) => middle - (shots[0]?.shift ?? 0));
    expect(spread(ofOtherFrames)).toBeGreaterThan(WANDER);
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('L2 the page draws with WebGPU', async () => {
    const { page, complaints } = await openWatched(browser);
    await page.goto(appUrl({ source: 'cam', provider: 'wasm', engine: 'webgpu' }));
    await waitForData(page, { frames: 3, faces: '1', engine: 'webgpu' });
    expect(await pageData(page)).toMatchObject({ engine: 'webgpu', state: 'running' });
    expect(complaints).toEqual([]);
  });

  it('L3 tracks the sample clip through a webcam, as its frames follow each other', async () => {
    const drawing = await openBrowser();
    const { page: studio } = await openWatched(drawing);
    const seconds = Array.from({ length: 60 }, (_, i) => 20 + i / 25);
    const jpegs = await drawPictures(
      studio,
      seconds.map((time) => ({ time })),
    );
    await drawing.close();
    const clip = await openBrowser({ camera: cameraFile(jpegs) });
    try {
      const { page, asked, complaints } = await openWatched(clip);
      await page.goto(appUrl({ source: 'cam', provider: 'wasm', engine: 'webgl', mirror: '0' }));
      await waitForData(page, { frames: 3, faces: '1' });
      let found = 0;
      const LOOKS = 30;
      for (let look = 0; look < LOOKS; look += 1) {
        const { frames } = await pageData(page);
        await waitForData(page, { frames: Number(frames) + 1 });
        found += Number((await pageData(page)).faces === '1');
      }
      expect(found / LOOKS).toBeGreaterThanOrEqual(0.96);
      expect(await page.locator('#provider').textContent()).toMatch(/CPU/);
      expect([asked, complaints]).toEqual([[], []]);
    } finally {
      await clip.close();
    }
  });
});
