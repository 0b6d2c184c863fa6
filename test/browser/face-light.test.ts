import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sh9 } from '../../src/face/spherical-harmonics';
import type { SphereView } from './face-light-double';
import { openBrowser, openWatched } from './harness';
import { readDouble } from './read-double';

/** Every term another number in every colour, none of them beyond what a prop is spared. */
const LIGHT = [
  [0.2, 0.4, 0.3, -0.6, 0.2, 0.2, -0.15, -0.2, -0.1],
  [0, 0.35, 0.25, -0.5, 0.15, 0.1, -0.1, -0.15, -0.1],
  [-0.3, 0.3, 0.3, -0.4, 0.1, 0.2, -0.2, -0.1, 0.2],
].flat();
const POINTS = [
  [0, 0],
  [0.7, 0],
  [-0.7, 0],
  [0, 0.7],
  [0, -0.7],
  [0.5, 0.5],
  [-0.6, -0.4],
  [0.35, -0.6],
] as const;
const [MIDDLE, RIGHT, LEFT] = [0, 1, 2];
const BASE = 3.2;
const ALBEDO = 0.5;

let browser: Browser;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  const code = readDouble('face-light-double');
  browser = await openBrowser();
  const watched = await openWatched(browser);
  page = watched.page;
  complaints = watched.complaints;
  const origin = inject('origin');
  const html = '<!doctype html><body><script type="module" src="/face-light-double.js"></script>';
  await page.route(`${origin}/face-light-double.html`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.route(`${origin}/face-light-double.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: code }),
  );
  await page.goto(`${origin}/face-light-double.html`);
  await page.waitForFunction(() => window.faceLightDouble);
});
afterAll(() => browser?.close());

async function look(view: Partial<SphereView>): Promise<number[][]> {
  const whole: SphereView = {
    engine: 'webgl',
    stuff: 'matt',
    light: LIGHT,
    strength: 1,
    cropAngle: 0,
    points: POINTS,
    ...view,
  };
  return (await page.evaluate((wanted) => window.faceLightDouble?.look(wanted), whole)) ?? [];
}

/** The value of docs/formats.md at a point of a sphere seen from far away, 0 to 255. */
function formula([x, y]: readonly [number, number], cropAngle = 0): number[] {
  const [cos, sin] = [Math.cos(cropAngle), Math.sin(cropAngle)];
  const basis = sh9(cos * x - sin * y, sin * x + cos * y, Math.sqrt(1 - x * x - y * y), new Float32Array(9));
  return [0, 1, 2].map((colour) => {
    const sum = basis.reduce((all, v, k) => all + v * ((LIGHT[9 * colour + k] ?? 0) + (k === 0 ? BASE : 0)), 0);
    return 255 * Math.max(0, ALBEDO * sum) ** (1 / 2.2);
  });
}

function furthest(seen: readonly number[][], wanted: readonly number[][]): number {
  return Math.max(...wanted.flatMap((colour, i) => colour.map((value, c) => Math.abs(value - (seen[i]?.[c] ?? 0)))));
}

const grey = (colour: readonly number[] = []) => colour.reduce((sum, value) => sum + value / 3, 0);

describe('FaceLight', () => {
  it.each(['webgl', 'webgpu'] as const)('PL5 lights a matt sphere as the harmonics say, by %s', async (engine) => {
    const seen = await look({ engine });
    expect(
      furthest(
        seen,
        POINTS.map((point) => formula(point)),
      ),
    ).toBeLessThan(7);
    // Light from the other side, which a lost sign would give, is told.
    expect(
      furthest(
        seen,
        POINTS.map(([x, y]) => formula([-x, y])),
      ),
    ).toBeGreaterThan(25);
  });

  it('PL5 keeps the light where it is in the frame when the crop turns', async () => {
    const seen = await look({ cropAngle: 0.7 });
    expect(
      furthest(
        seen,
        POINTS.map((point) => formula(point, 0.7)),
      ),
    ).toBeLessThan(7);
    expect(
      furthest(
        seen,
        POINTS.map((point) => formula(point, -0.7)),
      ),
    ).toBeGreaterThan(15);
  });

  it('PL5 lights a standard material on the same side, about as brightly', async () => {
    const seen = await look({ stuff: 'standard' });
    expect(grey(seen[LEFT])).toBeGreaterThan(grey(seen[RIGHT]) + 25);
    expect(
      furthest(
        seen,
        POINTS.map((point) => formula(point)),
      ),
    ).toBeLessThan(45);
  });

  it('PL5 is grey and even from side to side at strength 0', async () => {
    const seen = await look({ strength: 0 });
    expect(Math.abs(grey(seen[LEFT]) - grey(seen[RIGHT]))).toBeLessThan(3);
    for (const colour of seen) expect(Math.max(...colour) - Math.min(...colour)).toBeLessThan(3);
    expect(grey(seen[MIDDLE])).toBeGreaterThan(120);
  });

  it.each(['webgl', 'webgpu'] as const)(
    'PL4 shows the window in a mirror on the light’s side, by %s',
    async (engine) => {
      const seen = await look({
        engine,
        stuff: 'mirror',
        points: [
          [-0.45, 0.3],
          [0.45, 0.3],
          [0, -0.85],
        ],
      });
      expect(grey(seen[0])).toBeGreaterThan(grey(seen[1]) + 40);
      expect(grey(seen[1])).toBeGreaterThan(grey(seen[2]));
    },
  );

  it('PL5 asks for nothing and complains of nothing', () => {
    expect(complaints).toEqual([]);
  });
});
