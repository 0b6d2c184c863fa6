import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Detection, DetectorKind } from '../../src/pipeline/detect/detection';
import type { Range } from '../../src/pipeline/search/detection-areas';
import type { Detected } from './detectors-double';
import { openBrowser, openWatched } from './harness';
import { readDouble } from './read-double';

declare global {
  interface Window {
    detectWith: (kind: DetectorKind, range: Range, url: string, runs?: number) => Promise<Detected>;
  }
}

const RANGES: readonly Range[] = ['short', 'full'];
/** Folders of pictures with faces; the second ones are larger sets that need not be there. */
const FIXTURES = ['test/golden', 'test/fixtures', 'test/fixtures/search'];
const SETS = ['clear', 'covered', 'wildcovered', 'people'].map((name) =>
  join(process.env.PEEKABOO_SCORE_SETS ?? '../shared/score/sets', name, 'images'),
);
/** Pictures of a set. */
const MOST = Number(process.env.PEEKABOO_DETECTOR_PICTURES ?? 25);
/** Detections above this score must be found by both; the lowest that are used have 0.15. */
const SURE = 0.25;
/** Detections above this score must have the same box. */
const LIKELY = 0.5;
/** Largest distance of detections of one face, in shares of the box. */
const CLOSE = 0.02;
/** Detections that are closer are the same, in shares of the box. */
const SAME = 0.3;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  ({ page } = await openWatched(browser));
  const origin = inject('origin');
  const html = '<!doctype html><body><script type="module" src="/detectors-double.js"></script>';
  await page.route(`${origin}/detectors-double.html`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.route(`${origin}/detectors-double.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: readDouble('detectors-double') }),
  );
  await page.goto(`${origin}/detectors-double.html`);
  await page.waitForFunction(() => window.detectWith);
});
afterAll(() => browser?.close());

function picturesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.(jpg|png)$/.test(name));
  const step = Math.max(1, names.length / MOST);
  return names.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).map((name) => join(folder, name));
}

async function detect(kind: DetectorKind, range: Range, path: string): Promise<Detected> {
  const type = path.endsWith('png') ? 'png' : 'jpeg';
  const url = `data:image/${type};base64,${readFileSync(path).toString('base64')}`;
  return page.evaluate(([k, r, u]) => window.detectWith(k, r, u), [kind, range, url] as const);
}

/** Side of a pixel of the picture that the detectors get, in pixels of the original; MediaPipe's boxes are cut to such pixels. */
const reduction = ({ width, height }: Detected) => Math.max(1, Math.floor(Math.max(width, height) / 384));

/** Distance of two detections in shares of the box's longer side. MediaPipe's boxes begin inside the picture. */
function distance(mediapipe: Detection, onnx: Detection, pixel: number): number {
  const long = Math.max(mediapipe.width, mediapipe.height);
  const corner = (value: number) => Math.max(value, -0.5);
  const eyes = [0, 1].flatMap((axis) => [
    (mediapipe.rightEye[axis] ?? 0) - (onnx.rightEye[axis] ?? 0),
    (mediapipe.leftEye[axis] ?? 0) - (onnx.leftEye[axis] ?? 0),
  ]);
  const sides = [
    corner(mediapipe.x) - corner(onnx.x),
    corner(mediapipe.y) - corner(onnx.y),
    mediapipe.width - onnx.width,
    mediapipe.height - onnx.height,
  ];
  const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
  // Small faces: one pixel is more than 2 %.
  const small = Math.max(0, pixel / long - CLOSE);
  return Math.max(largest(eyes) / long - small, (largest(sides) - pixel) / long);
}

interface Comparison {
  /** Sure detections that only one has, as texts. */
  readonly single: readonly string[];
  /** Distances of likely detections to those of the other, in ascending order. */
  readonly distances: readonly number[];
  readonly ms: Readonly<Record<DetectorKind, number>>;
}

async function compare(folder: string, range: Range): Promise<Comparison> {
  const single: string[] = [];
  const distances: number[] = [];
  const times: Record<DetectorKind, number[]> = { mediapipe: [], onnx: [] };
  for (const path of picturesIn(folder)) {
    const [a, b] = [await detect('mediapipe', range, path), await detect('onnx', range, path)];
    times.mediapipe.push(a.ms);
    times.onnx.push(b.ms);
    const toOnnx = (found: Detection) => nearest(b.found.map((other) => distance(found, other, reduction(a))));
    const toMediaPipe = (found: Detection) => nearest(a.found.map((other) => distance(other, found, reduction(a))));
    const alone = [
      ...a.found.filter((found) => found.score > SURE && toOnnx(found) > SAME),
      ...b.found.filter((found) => found.score > SURE && toMediaPipe(found) > SAME),
    ];
    single.push(...alone.map(({ score }) => `${path}: ${score}`));
    distances.push(...a.found.filter(({ score }) => score > LIKELY).map(toOnnx));
  }
  distances.sort((x, y) => x - y);
  return { single, distances, ms: { mediapipe: median(times.mediapipe), onnx: median(times.onnx) } };
}

const nearest = (distances: readonly number[]) => Math.min(Number.POSITIVE_INFINITY, ...distances);
const median = (values: number[]) => values.sort((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0;

describe('detector without WebGL', () => {
  const folders = [...FIXTURES, ...SETS.filter(existsSync)];
  it.each(folders.flatMap((folder) => RANGES.map((range) => ({ folder, range }))))(
    'EN2 finds the faces of MediaPipe’s detector, boxes within 2 %: $range range, $folder',
    async ({ range, folder }) => {
      const { single, distances, ms } = await compare(folder, range);
      const [middle, last] = [distances[Math.floor(distances.length / 2)], distances.at(-1)];
      console.log(`${folder} ${range}: ${distances.length} faces, distance ${middle} median, ${last} at most`, ms);
      expect(single).toEqual([]);
      expect(distances.length).toBeGreaterThan(0);
      expect(last).toBeLessThan(CLOSE);
    },
    300_000,
  );
});
