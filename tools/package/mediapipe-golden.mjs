/**
 * node tools/package/mediapipe-golden.mjs: writes test/golden/mediapipe.json, what MediaPipe's own FaceLandmarker reports for
 * the pictures of mediapipe-page.mjs. Downloads its model where it is not in the cache.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../lib/chromium.mjs';
import { rivalModel } from '../lib/rival-model.mjs';
import { serve } from '../lib/serve.mjs';
import { ROOT } from './contents.mjs';

export const GOLDEN = join(ROOT, 'test/golden/mediapipe.json');
const PACKAGE = join(ROOT, 'node_modules/@mediapipe/tasks-vision');
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>poses</title><script type="module" src="/start.mjs"></script>';
const START = (library) => `
import * as library from ${JSON.stringify(library)};
import { detectPoses } from '/mediapipe-page.mjs';
window.detect = (more) => detectPoses(library, more);
`;

/**
 * Opens a page with a library and returns what its FaceLandmarker reports for each picture.
 * @param {{ library: string, folder: string, folders?: string[], files?: [string, string][], options?: object }} given
 * library: its address on the page; folder: for the page; folders and files: what else is served; options: of the landmarker
 */
export async function reportPoses({ library, folder, folders = [], files = [], options = {} }) {
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'start.mjs'), START(library));
  const server = await serve({
    folders: [folder, ...folders],
    files: new Map([
      ['mediapipe-page.mjs', join(import.meta.dirname, 'mediapipe-page.mjs')],
      ['sample.mp4', join(ROOT, 'public/generated/sample.mp4')],
      ...files,
    ]),
    headers: {},
  });
  const browser = await launchChromium({ gpu: false });
  try {
    const page = await browser.newPage();
    await page.goto(server.origin);
    await page.waitForFunction(() => 'detect' in window);
    return await page.evaluate((more) => window.detect(more), options);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** MediaPipe's results: the matrix, some landmarks, and the names of the blend shapes. */
async function reportMediaPipe(folder) {
  const model = rivalModel();
  if (!model) throw new Error("MediaPipe's model could not be downloaded");
  return reportPoses({
    library: '/vision_bundle.mjs',
    folder,
    folders: [PACKAGE],
    files: [['face_landmarker.task', model]],
  });
}

const round = (value) => Number(value.toFixed(5));

/** What is stored of a picture's result. */
function shortened({ faceLandmarks: [points], faceBlendshapes: [shapes], facialTransformationMatrixes: [matrix] }) {
  return {
    points: points.map(({ x, y, z }) => [x, y, z].map(round)),
    matrix: { ...matrix, data: matrix.data.map(round) },
    jawOpen: round(shapes.categories.find(({ categoryName }) => categoryName === 'jawOpen').score),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(join(tmpdir(), 'peekaboo-poses-'));
  try {
    const results = await reportMediaPipe(folder);
    const [{ faceLandmarks, faceBlendshapes }] = results;
    const { categories, ...head } = faceBlendshapes[0];
    const golden = {
      landmark: Object.keys(faceLandmarks[0][0]),
      head,
      categories: categories.map(({ score, ...category }) => category),
      pictures: results.map(shortened),
    };
    writeFileSync(GOLDEN, `${JSON.stringify(golden)}\n`);
    console.log(`${GOLDEN}: ${results.length} pictures`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
