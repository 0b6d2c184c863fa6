import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openBrowser, openWatched, type Watched } from './harness';
import { readDouble } from './read-double';
import type { DoubleFrame, StageWork } from './stage-double';

const GREY = '#808080';
const DISC = { x: 360, y: 300, radius: 34, colour: '#1040d0' } as const;
const FACE: DoubleFrame = { colour: GREY, centre: [320, 240], turn: [0, 0, 0], disc: DISC };
const NOSE_TIP = 30;
/** Of MediaPipe's mesh: forehead, tip of the nose, both cheeks twice, chin. */
const LIT_POINTS = [151, 4, 50, 280, 205, 425, 199];
/** Every term another number in every colour; nowhere below 0 or above 1. */
const LIGHT = [
  [-0.4, 0.5, -0.4, 0.6, 0.4, -0.5, 0.4, 0.5, -0.4],
  [-0.6, -0.4, 0.5, -0.5, 0.6, 0.4, -0.4, -0.5, 0.5],
  [-0.2, 0.6, 0.4, 0.4, -0.5, 0.5, 0.3, -0.4, 0.4],
].flat();
/** How much of the picture shows through the face. */
const SHOWS_THROUGH = 0.06;

type Colour = [number, number, number];

let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  const code = readDouble('stage-double');
  browser = await openBrowser();
  watched = await openWatched(browser);
  page = watched.page;
  const origin = inject('origin');
  const html =
    '<!doctype html><meta charset="utf-8"><body style="margin:0"><script type="module" src="/stage-double.js"></script>';
  await page.route(`${origin}/stage-double.html`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.route(`${origin}/stage-double.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: code }),
  );
  await page.goto(`${origin}/stage-double.html`);
  await page.waitForFunction(() => window.stageDouble);
});
afterAll(() => browser?.close());

function open(engine: 'webgl' | 'webgpu'): Promise<string | undefined> {
  const model = `models/${inject('bundle')}/face-model.bin`;
  return page.evaluate(([kind, url]) => window.stageDouble?.open(kind, url), [engine, model] as const);
}

async function show(frame: DoubleFrame): Promise<number[]> {
  return (await page.evaluate((wanted) => window.stageDouble?.show(wanted), frame)) ?? [];
}

function set(options: Parameters<NonNullable<Window['stageDouble']>['set']>[0]): Promise<void> {
  return page.evaluate((change) => window.stageDouble?.set(change), options);
}

async function work(): Promise<StageWork> {
  const done = await page.evaluate(() => window.stageDouble?.work());
  if (!done) throw new Error('the double is not there');
  return done;
}

/** Until the picture is complete, and what is read back from the GPU has come. */
function settle(): Promise<void> {
  return page.evaluate(async () => {
    for (let i = 0; i < 10; i++) await new Promise((done) => requestAnimationFrame(done));
  });
}

async function picture(): Promise<PNG> {
  const text = (await page.evaluate(() => window.stageDouble?.picture())) ?? '';
  return PNG.sync.read(Buffer.from(text, 'base64'));
}

function at({ data, width }: PNG, x: number, y: number): Colour {
  const i = 4 * (Math.round(y) * width + Math.round(x));
  return [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
}

/** Between the four pixels around the point. */
function between(png: PNG, x: number, y: number): Colour {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const mix = (a: Colour, b: Colour, t: number) => a.map((value, i) => value + t * ((b[i] ?? 0) - value)) as Colour;
  const row = (y: number) => mix(at(png, left, y), at(png, left + 1, y), right);
  return mix(row(top), row(top + 1), down);
}

function distance(a: Colour, b: Colour): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));
}

/** The box of the pixels that are not of the background's colour. */
function changedBox(png: PNG, background: Colour): { left: number; right: number; top: number; bottom: number } {
  const box = { left: png.width, right: 0, top: png.height, bottom: 0 };
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      if (distance(at(png, x, y), background) < 24) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  return box;
}

const BACKGROUND: Colour = [128, 128, 128];
const DISC_COLOUR: Colour = [16, 64, 208];

describe.each(['webgl', 'webgpu'] as const)('stage on %s', (engine) => {
  it('R6 keeps the occluder’s own pixels in front of the face, and the face over it when switched off', async () => {
    expect(await open(engine)).toBe(engine === 'webgl' ? 'webgl2' : 'webgpu');
    await set({ look: 'face', occlusion: true, mirror: false });
    const points = await show(FACE);
    const nose: [number, number] = [points[2 * NOSE_TIP] ?? 0, points[2 * NOSE_TIP + 1] ?? 0];

    const front = await picture();
    expect(distance(at(front, ...nose), BACKGROUND)).toBeGreaterThan(24);
    for (const [dx, dy] of [
      [0, 0],
      [-20, 0],
      [0, -20],
      [20, 10],
    ] as const) {
      expect(distance(at(front, DISC.x + dx, DISC.y + dy), DISC_COLOUR)).toBeLessThan(8);
    }
    // Sharp against the frame: right beside the disc, on the face, it is the face again.
    expect(distance(at(front, DISC.x - DISC.radius - 5, DISC.y), DISC_COLOUR)).toBeGreaterThan(60);

    await set({ occlusion: false });
    const behind = await picture();
    expect(distance(at(behind, DISC.x - 15, DISC.y - 15), DISC_COLOUR)).toBeGreaterThan(60);
    expect(watched.complaints).toEqual([]);
  });
});

describe.each(['webgl', 'webgpu'] as const)('pictures and light on %s', (engine) => {
  it('R12 shows a picture that is larger than the GPU’s textures', async () => {
    await open(engine);
    await set({ look: 'none', occlusion: true, mirror: false });
    const disc = { x: 15000, y: 600, radius: 400, colour: DISC.colour };
    await show({ colour: '#208040', size: [16000, 1200], centre: [320, 240], turn: [0, 0, 0], disc });
    const seen = await picture();
    expect(distance(at(seen, 320, 24), [32, 128, 64])).toBeLessThan(3);
    expect(distance(at(seen, 600, 24), DISC_COLOUR)).toBeLessThan(3);
    expect(watched.complaints).toEqual([]);
  });

  it('R4 gives a vertex of the face its albedo in its light', async () => {
    await open(engine);
    await set({ look: 'face', occlusion: true, mirror: false });
    const lit: DoubleFrame = { colour: GREY, centre: [320, 240], turn: [0.15, 0.3, -0.1], light: LIGHT, angle: 0.3 };
    await show(lit);
    const seen = await picture();
    const wanted =
      (await page.evaluate(([frame, points]) => window.stageDouble?.litPoints(frame, points), [
        lit,
        LIT_POINTS,
      ] as const)) ?? [];
    expect(wanted).toHaveLength(LIT_POINTS.length);
    for (const { x, y, colour } of wanted) {
      expect(Math.min(...colour)).toBeGreaterThan(20);
      expect(Math.max(...colour)).toBeLessThan(250);
      const blended = colour.map((value) => (1 - SHOWS_THROUGH) * value + SHOWS_THROUGH * 128) as Colour;
      expect(distance(between(seen, x, y), blended)).toBeLessThan(3);
    }
  });
});

describe.each(['webgl', 'webgpu'] as const)('background of a studio on %s', (engine) => {
  it('R14 blurs the video for the blurred backdrop only, and on canvases that it keeps', async () => {
    await open(engine);
    await set({ look: 'none', place: 'studio', backdrop: '#204060' });
    const workOf = async (frames: number) => {
      const before = await work();
      for (let i = 0; i < frames; i++) {
        await show(FACE);
        await settle();
      }
      const after = await work();
      return { copies: after.copies - before.copies, canvases: after.canvases - before.canvases };
    };
    expect(await workOf(3)).toEqual({ copies: 0, canvases: 0 });
    await set({ place: 'over', backdrop: 'blur' });
    expect(await workOf(3)).toEqual({ copies: 0, canvases: 0 });
    await set({ place: 'studio' });
    await settle();
    expect((await workOf(1)).copies).toBe(3);
    expect(await workOf(3)).toEqual({ copies: 9, canvases: 0 });
  });

  it('R14 shows the blurred video at once when the backdrop changes on a still picture', async () => {
    await open(engine);
    await set({ look: 'none', mirror: false, place: 'studio', backdrop: '#ff0000' });
    const disc = { x: 80, y: 400, radius: 70, colour: '#ffffff' };
    await show({ colour: '#208040', centre: [320, 240], turn: [0, 0, 0], disc });
    expect(distance(at(await picture(), 20, 20), [255, 0, 0])).toBeLessThan(3);
    await set({ backdrop: 'blur' });
    await settle();
    const seen = await picture();
    // Three quarters of the video's colour and a quarter of the shade (8, 10, 18).
    expect(distance(at(seen, 560, 60), [26, 98, 52])).toBeLessThan(4);
    expect(Math.min(...at(seen, 80, 400))).toBeGreaterThan(150);
    expect(watched.complaints).toEqual([]);
  });
});

describe('stage', () => {
  it('R13 draws once per animation frame, the newest frame with all changes', async () => {
    await open('webgl');
    await set({ look: 'face', place: 'over' });
    await show(FACE);
    await picture();
    const before = await work();
    await page.evaluate((frame) => window.stageDouble?.showAtOnce(frame, [7, 8, 9]), FACE);
    const after = await work();
    expect(after.drawings - before.drawings).toBe(1);
    expect(after.drawn.slice(before.drawn.length)).toEqual([9]);
  });

  it('R1 R5 draws mesh and picture of the same frame, the mesh on its points, mirrored too', async () => {
    await open('webgl');
    await set({ look: 'face', occlusion: true, mirror: false });
    await show({ ...FACE, colour: '#208040' });
    await picture();
    const { disc: _, ...bare } = FACE;
    const points = await show({ ...bare, centre: [250, 200], turn: [0.1, 0.3, 0.2] });
    const xs = points.filter((_, i) => i % 2 === 0);
    const ys = points.filter((_, i) => i % 2 === 1);

    const plain = changedBox(await picture(), BACKGROUND);
    // The oval ends a little outside the points of the jaw, and above those of the brows.
    expect(Math.abs(plain.left - Math.min(...xs))).toBeLessThan(24);
    expect(Math.abs(plain.right - Math.max(...xs))).toBeLessThan(24);
    expect(Math.abs(plain.bottom - Math.max(...ys))).toBeLessThan(24);

    await set({ mirror: true });
    const mirrored = changedBox(await picture(), BACKGROUND);
    expect(Math.abs(mirrored.left - (639 - plain.right))).toBeLessThan(3);
    expect(Math.abs(mirrored.right - (639 - plain.left))).toBeLessThan(3);
  });

  it('R5 draws nothing over the picture with the look none', async () => {
    await open('webgl');
    await set({ look: 'none', mirror: false });
    const { disc: _, ...bare } = FACE;
    await show(bare);
    const box = changedBox(await picture(), BACKGROUND);
    expect(box.right).toBe(0);
  });

  it('CM15 reports whether it draws around the face, or shows the masks', async () => {
    await open('webgl');
    const wide = async (options: Parameters<typeof set>[0]) => {
      await set({ overlays: { mask: false, crop: false, points: false, axes: false }, occlusion: true, ...options });
      await show(FACE);
      await picture();
      return page.evaluate(() => window.stageDouble?.surroundsFaces());
    };
    expect(await wide({ look: 'face' })).toBe(false);
    expect(await wide({ look: 'avatar' })).toBe(true);
    expect(await wide({ look: 'avatar', occlusion: false })).toBe(false);
    expect(await wide({ look: 'none', overlays: { mask: true, crop: false, points: false, axes: false } })).toBe(true);
  });

  it('R10 disposes everything: more stages after one another than a browser holds contexts', async () => {
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await page.evaluate(() => window.stageDouble?.openAndDispose(17));
    expect(warnings.filter((text) => text.includes('contexts'))).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});
