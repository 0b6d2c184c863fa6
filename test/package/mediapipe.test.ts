import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../../tools/lib/chromium.mjs';
import { rivalModel } from '../../tools/lib/rival-model.mjs';
import { serve } from '../../tools/lib/serve.mjs';
import { bundleApp } from '../../tools/package/bundle-app.mjs';
import { reportPoses } from '../../tools/package/mediapipe-golden.mjs';

const IMPORT = /^import .* from 'peekaboo-face\/mediapipe';$/m;
const TASKS_VISION = 'node_modules/@mediapipe/tasks-vision';
/** Calls of the landmarker as an app makes them, with what they return. */
const CALLS = `
import { FaceLandmarker } from 'peekaboo-face/mediapipe';
const options = { baseOptions: { delegate: 'CPU' }, tracker: { assets: '/assets/' } };
const messageOf = (call) => { try { call(); return ''; } catch (error) { return error.message; } };
window.run = async () => {
  const image = Object.assign(new Image(), { src: '/hand.jpg' });
  await image.decode();
  const heard = [];
  const landmarker = await FaceLandmarker.createFromOptions({}, options);
  const wrongMode = messageOf(() => landmarker.detectForVideo(image, 0));
  const pending = landmarker.detect(image);
  const unawaited = messageOf(() => pending.faceLandmarks);
  const still = await pending;
  const context = new OffscreenCanvas(640, 480).getContext('2d');
  context.drawImage(image, 0, 0, 640, 480);
  const pixels = (await landmarker.detect(context.getImageData(0, 0, 640, 480))).faceLandmarks.length;
  const next = new Promise((resolve) => {
    landmarker.setOptions({ runningMode: 'VIDEO', resultListener: (result) => { heard.push(result.timestamp); resolve(result); } });
  });
  await landmarker.setOptions({ outputFaceBlendshapes: true });
  const wrongMode2 = messageOf(() => landmarker.detect(image));
  const first = landmarker.detectForVideo(image, 1000.5);
  await next;
  const second = landmarker.detectForVideo(image, 1000.5);
  const open = second.tracked.frame.image.displayWidth;
  await landmarker.setOptions({ numFaces: 2 });
  const noVideo = landmarker.detectForVideo(document.createElement('video'), 2000).timestamp;
  landmarker.close();
  landmarker.close();
  return {
    wrongMode, unawaited, wrongMode2, heard, open, noVideo,
    still: [still.faceLandmarks.length, still.timestamp],
    first: [first.faceLandmarks.length, first.timestamp],
    second: [second.faceLandmarks.length, second.timestamp, second.faceBlendshapes.length],
    pixels,
    closed: messageOf(() => landmarker.detect(image)),
  };
};
`;

interface Result {
  readonly faceLandmarks: { x: number; y: number; z: number }[][];
  readonly faceBlendshapes: {
    categories: { index: number; categoryName: string; displayName: string; score: number }[];
  }[];
  readonly facialTransformationMatrixes: { data: number[] }[];
}

interface Golden {
  readonly landmark: string[];
  readonly head: object;
  readonly categories: object[];
  readonly pictures: { points: [number, number, number][]; matrix: { data: number[] }; jawOpen: number }[];
}

/** Degrees between the rotations of two matrices. */
function angleBetween(a: readonly number[], b: readonly number[]): number {
  const trace = [0, 1, 2, 4, 5, 6, 8, 9, 10].reduce((sum, i) => sum + (a[i] ?? 0) * (b[i] ?? 0), 0);
  return (Math.acos(Math.min(1, (trace - 1) / 2)) * 180) / Math.PI;
}

/** Where a matrix puts the tip of the nose of MediaPipe's canonical face, centimetres. */
function noseTip(data: readonly number[]): number[] {
  const tip = [0, -1.126865, 7.475604, 1];
  return [0, 1, 2].map((row) => tip.reduce((sum, value, column) => sum + value * (data[4 * column + row] ?? 0), 0));
}

const distance = (a: readonly number[], b: readonly number[]) =>
  Math.hypot(...a.map((value, i) => value - (b[i] ?? 0)));

let folder: string;
/** Folder of the built package, with the assets folder. */
let lib: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peekaboo-mediapipe-'));
  execFileSync('tar', ['-xzf', inject('tarball'), '-C', folder]);
  lib = join(folder, 'package/lib');
  browser = await launchChromium({ gpu: false, camera: inject('camera') });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page that runs `code`, bundled; resolves with what `use` returns. */
async function withApp<T>(
  app: { html: string; code: string; files?: [string, string][] },
  use: (page: Page, errors: string[]) => Promise<T>,
): Promise<T> {
  const site = mkdtempSync(join(folder, 'site-'));
  writeFileSync(join(site, 'index.html'), app.html);
  await bundleApp(app.code, site, 'main.js');
  const server = await serve({ folders: [site, lib], files: new Map(app.files), headers: {} });
  const context = await browser.newContext();
  try {
    await context.grantPermissions(['camera'], { origin: server.origin });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(server.origin);
    return await use(page, errors);
  } finally {
    await context.close();
    await server.close();
  }
}

describe('the MediaPipe entry point in a browser', () => {
  it('PK16 landmarks, poses and blend shapes agree with MediaPipe’s own on pictures in several poses', async () => {
    const golden = JSON.parse(readFileSync('test/golden/mediapipe.json', 'utf8')) as Golden;
    const site = mkdtempSync(join(folder, 'poses-'));
    await bundleApp("export * from 'peekaboo-face/mediapipe';", site, 'library.mjs');
    const options = { tracker: { assets: '/assets/' } };
    const results = (await reportPoses({ library: '/library.mjs', folder: site, folders: [lib], options })) as Result[];
    expect(results).toHaveLength(golden.pictures.length);
    results.forEach(({ faceLandmarks: [points = []], facialTransformationMatrixes: [matrix], faceBlendshapes }, i) => {
      const theirs = golden.pictures[i];
      const shapes = faceBlendshapes[0]?.categories ?? [];
      expect(Object.keys(points[0] ?? {})).toEqual(golden.landmark);
      expect(shapes.map(({ score, ...category }) => category)).toEqual(golden.categories);
      const { categories, ...head } = faceBlendshapes[0] ?? { categories: [] };
      expect(head).toEqual(golden.head);
      const off = points.map(({ x, y }, k) => {
        const [x2 = 0, y2 = 0] = theirs?.points[k] ?? [];
        return Math.hypot(640 * (x - x2), 480 * (y - y2));
      });
      expect(off.reduce((sum, value) => sum + value, 0) / off.length, `landmarks of picture ${i}, pixels`).toBeLessThan(
        3,
      );
      const [ours, mediapipe] = [matrix?.data ?? [], theirs?.matrix.data ?? []];
      expect(angleBetween(ours, mediapipe), `rotation of picture ${i}, degrees`).toBeLessThan(5);
      const tip = noseTip(mediapipe);
      expect(distance(noseTip(ours), tip) / Math.hypot(...tip), `nose tip of picture ${i}`).toBeLessThan(0.03);
    });
  });

  it('PK17 running modes, result listener, options and closing', async () => {
    const page =
      '<!doctype html><meta charset="utf-8"><title>calls</title><script type="module" src="/main.js"></script>';
    const files: [string, string][] = [['hand.jpg', 'test/fixtures/hand.jpg']];
    const seen = await withApp({ html: page, code: CALLS, files }, async (tab) => {
      await tab.waitForFunction(() => 'run' in window);
      return tab.evaluate(() => Reflect.get(window, 'run')() as Promise<Record<string, unknown>>);
    });
    expect(seen.wrongMode).toContain("setOptions({ runningMode: 'VIDEO' })");
    expect(seen.wrongMode2).toContain("setOptions({ runningMode: 'IMAGE' })");
    expect(seen.unawaited).toContain('await');
    expect(seen).toMatchObject({ still: [1, -1], first: [0, -1], second: [1, 1000.5, 1], heard: [1000.5] });
    expect(seen).toMatchObject({ open: 640, noVideo: 1000.5, pixels: 1, closed: 'the landmarker was closed' });
  });

  const html = () => readFileSync('examples/mediapipe/index.html', 'utf8');
  const source = () => readFileSync('examples/mediapipe/main.js', 'utf8');
  const countFaces = (page: Page) => page.getByText('faces: 1').textContent({ timeout: 90_000 });

  it('PK18 an app for MediaPipe runs with one line changed', async () => {
    expect(source().match(IMPORT)).toHaveLength(1);
    const text = await withApp({ html: html(), code: source() }, async (page, errors) => {
      const seen = await countFaces(page);
      expect(errors).toEqual([]);
      return seen;
    });
    expect(text).toMatch(/^faces: 1, jawOpen: 0\.\d, distance: \d\d cm$/);
  });

  const model = rivalModel();
  it.skipIf(!model)('PK18 the same app runs with MediaPipe itself, and reports the same distance', async () => {
    const theirs = source().replace(IMPORT, (line) =>
      line.replace('peekaboo-face/mediapipe', '@mediapipe/tasks-vision'),
    );
    const files: [string, string][] = [['face_landmarker.task', model ?? '']];
    for (const name of ['vision_wasm_internal.js', 'vision_wasm_internal.wasm'])
      files.push([`wasm/${name}`, `${TASKS_VISION}/wasm/${name}`]);
    const distanceOf = (text: string | null) => Number(/distance: (\d+) cm/.exec(text ?? '')?.[1]);
    const mediapipe = await withApp({ html: html(), code: theirs, files }, countFaces);
    const ours = await withApp({ html: html(), code: source() }, countFaces);
    expect(Math.abs(distanceOf(ours) - distanceOf(mediapipe))).toBeLessThanOrEqual(2);
  });
});
