import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CompositorFigures } from './compositor-double';
import { openBrowser, openWatched, type Watched } from './harness';
import { readDouble } from './read-double';

let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  const code = readDouble('compositor-double');
  browser = await openBrowser();
  watched = await openWatched(browser);
  page = watched.page;
  const address = `${inject('origin')}/compositor-double`;
  const body = '<!doctype html><meta charset="utf-8"><script type="module" src="/compositor-double.js"></script>';
  await page.route(`${address}.html`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.route(`${address}.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: code }));
  await page.goto(`${address}.html`);
  await page.waitForFunction(() => window.compositorDouble);
  await page.evaluate((url) => window.compositorDouble?.load(url), `models/${inject('bundle')}/face-model.bin`);
});
afterAll(() => browser?.close());

type Engine = 'webgl' | 'webgpu';

async function measure(engine: Engine, sharpen: boolean, still: boolean, frames: number): Promise<CompositorFigures> {
  const figures = await page.evaluate(
    ([kind, sharp, stays, count]) => window.compositorDouble?.measure(kind, sharp, stays, count),
    [engine, sharpen, still, frames] as const,
  );
  if (!figures) throw new Error('nothing was measured');
  return figures;
}

describe('compositor', () => {
  it('CM1 a rough mask of a moving hand is sharpened towards the truth', async () => {
    const coarse = await measure('webgl', false, false, 6);
    const sharp = await measure('webgl', true, false, 6);
    expect(coarse.iou).toBeLessThan(0.9);
    expect(sharp.iou).toBeGreaterThan(coarse.iou + 0.04);
    expect(sharp.boundary).toBeGreaterThan(coarse.boundary + 0.2);
  });

  it('CM1 CM3 a still scene flickers less than half as much, sharp as it is', async () => {
    const coarse = await measure('webgl', false, true, 7);
    const sharp = await measure('webgl', true, true, 7);
    expect(coarse.flicker).toBeGreaterThan(1);
    expect(sharp.flicker).toBeLessThan(coarse.flicker / 2);
    expect(sharp.boundary).toBeGreaterThan(coarse.boundary + 0.2);
  });

  it('CM5 WebGPU and WebGL2 draw the same', async () => {
    await measure('webgl', true, true, 3);
    await measure('webgpu', true, true, 3);
    const off = await page.evaluate(() => window.compositorDouble?.difference(true));
    expect(off?.mean).toBeLessThan(0.5);
    expect(off?.far).toBeLessThan(0.002);
  });

  it.each([
    ['grey without noise', 128, 0],
    ['dark with noise', 10, 8],
    ['grey with much noise', 128, 24],
  ])('CM2 on plain %s the mask stays the network’s own', async (_, grey, noise) => {
    const iou = await page.evaluate(([value, grain]) => window.compositorDouble?.onPlain('webgl', value, grain), [
      grey,
      noise,
    ] as const);
    expect(iou).toBeGreaterThan(0.96);
  });

  it.each([
    ['webgl', 1],
    ['webgpu', 1],
    ['webgl', 1.5],
    ['webgpu', 1.5],
  ] as const)('CM4 %s: the mask fades out at its border, %s × the crop', async (engine, extent) => {
    const at = await page.evaluate(([kind, sides]) => window.compositorDouble?.atBorder(kind, sides), [
      engine,
      extent,
    ] as const);
    const [outside, border, inside] = at ?? [];
    expect(outside).toBe(0);
    expect(border).toBeGreaterThan(60);
    expect(border).toBeLessThan(200);
    expect(inside).toBe(255);
  });

  it.each(['webgl', 'webgpu'] as const)(
    'CM8 %s: the head hides what is behind it, from the side too',
    async (engine) => {
      const from = (turn: number) =>
        page.evaluate(([kind, radians]) => window.compositorDouble?.hiddenByHead(kind, radians), [
          engine,
          turn,
        ] as const);
      const ahead = await from(0);
      expect(ahead?.open).toBeGreaterThan(3000);
      expect(ahead).toMatchObject({ behind: 0, crown: 0 });
      expect(ahead?.front).toBeGreaterThan(3000);
      const aside = await from(1.2);
      expect(aside?.open).toBeGreaterThan(500);
      expect(aside).toMatchObject({ behind: 0, crown: 0 });
    },
  );

  it('CM6 a frame drawn again is drawn the same', async () => {
    expect(await page.evaluate(() => window.compositorDouble?.drawnAgain('webgl'))).toBe(true);
    expect(watched.complaints).toEqual([]);
  });

  it('CM7 while shaders compile, and without half floats, the network’s mask is drawn as it is', async () => {
    const seen = await page.evaluate(() => window.compositorDouble?.unready('webgl'));
    if (!seen) throw new Error('nothing was drawn');
    expect(shareOff(seen.asItIs, '')).toBeGreaterThan(0.02);
    expect(shareOff(seen.compiling, seen.asItIs)).toBe(0);
    expect(shareOff(seen.noHalfFloats, seen.asItIs)).toBe(0);
    expect(shareOff(seen.compiled, seen.asItIs)).toBeGreaterThan(0.005);
  });

  it.each([
    ['webgl', 'POOR'],
    ['webgl', 'SIGMA_COLOUR'],
    ['webgpu', 'SIGMA_COLOUR'],
  ] as const)(
    'CM10 %s: with a shader that does not compile (%s) the mask is drawn as it is, and why is told',
    async (engine, word) => {
      const seen = await page.evaluate(() => window.compositorDouble?.unready('webgl'));
      const broken = await page.evaluate(([kind, part]) => window.compositorDouble?.broken(kind, part), [
        engine,
        word,
      ] as const);
      expect(broken?.said).toMatch(/A shader of the compositor does not compile: .*planted/s);
      expect(shareOff(broken?.drawn ?? '', seen?.asItIs ?? '')).toBe(0);
      watched.complaints.length = 0;
    },
  );

  it('CM10 a broken shader of the occluder itself is told, not waited for', async () => {
    const broken = await page.evaluate(() => window.compositorDouble?.broken('webgl', 'sharpPart'));
    expect(broken?.said).toMatch(/A shader of the compositor does not compile: .*planted/s);
    watched.complaints.length = 0;
  });
});

/** Share of pixels that differ by more than 8 of 255; an empty mask is all 0. */
function shareOff(a: string, b: string): number {
  const at = (mask: string, i: number) => mask.charCodeAt(i) || 0;
  return Array.from(a).filter((_, i) => Math.abs(at(a, i) - at(b, i)) > 8).length / a.length;
}
