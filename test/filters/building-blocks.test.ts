import { readFileSync } from 'node:fs';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FaceModel, modelVertices, parseFaceModel } from '../../src/face/face-model';
import { Fade } from '../../src/render/kit/fade';
import { points, turns } from '../../src/render/kit/prop-shapes';
import { SkinPoints } from '../../src/render/kit/skin/points';
import { SkinSheet } from '../../src/render/kit/skin/sheet';
import { isInside, mirrored, mirroredOutline, smoothOutline, uvPoints } from '../../src/render/kit/skin/uv-outline';
import { SteeredPoint } from '../../src/render/kit/steered-point';

const BOX = { left: 0.2, right: 0.8, bottom: 0.5, top: 0.9 };

let model: FaceModel;
beforeAll(() => {
  model = parseFaceModel(new Uint8Array(readFileSync('public/models/peekaboo/face-model.bin')).buffer);
});

function at(values: Float32Array, i: number): number[] {
  return [...values.subarray(3 * i, 3 * i + 3)];
}

describe('SkinPoints', () => {
  it('FB1 a UV of a vertex is that vertex', () => {
    // Tip of the nose, right brow, chin of the 68 points: vertices of the outer skin.
    for (const vertex of [30, 19, 8].map((point) => model.landmarks68[point] ?? 0)) {
      const uv = model.uv.subarray(2 * vertex, 2 * vertex + 2);
      const found = new SkinPoints(model, uv).evaluate(model.mean, new Float32Array(3));
      expect([...found]).toEqual(at(model.mean, vertex).map((value) => expect.closeTo(value, 2)));
    }
  });

  it('FB1 a point between vertices moves as the skin around it', () => {
    const points = new SkinPoints(model, [0.36, 0.5]);
    const [x = 0, y = 0, z = 0] = points.evaluate(model.mean, new Float32Array(3));
    expect(x).toBeLessThan(-25);
    const moved = model.mean.map((value, i) => value + ([5, -3, 2][i % 3] ?? 0));
    expect([...points.evaluate(moved, new Float32Array(3))]).toEqual(
      [x + 5, y - 3, z + 2].map((value) => expect.closeTo(value, 2)),
    );
  });

  it('FB1 where there is no skin the nearest of it is taken', () => {
    // The middle of an eye's opening, and a corner of the texture.
    const points = new SkinPoints(model, [0.39, 0.68, 0.001, 0.999]);
    const found = points.evaluate(model.mean, new Float32Array(6));
    expect([...found].every(Number.isFinite)).toBe(true);
    expect(Math.hypot((found[0] ?? 0) + 31, (found[1] ?? 0) - 35)).toBeLessThan(20);
  });
});

describe('SkinSheet', () => {
  const options = { box: BOX, columns: 41, rows: 31, smoothing: 4, lift: 4 };

  it('FB2 lies over the resting face, that much above it', () => {
    const sheet = new SkinSheet(model, options, () => true);
    expect(sheet.shape(new Float32Array(80))).toBe(true);
    const skin = new SkinPoints(model, [0.33, 0.62]).evaluate(model.mean, new Float32Array(3));
    const [x, y, z] = sheet.at(0.33, 0.62);
    expect(Math.hypot(x - (skin[0] ?? 0), y - (skin[1] ?? 0), z - (skin[2] ?? 0))).toBeLessThan(6);
    const [lx, ly, lz] = sheet.at(0.33, 0.62, 3);
    expect(Math.hypot(lx - x, ly - y, lz - z)).toBeCloseTo(3, 0);
    expect(lz).toBeGreaterThan(z);
  });

  it('FB2 is made anew for another person only', () => {
    const sheet = new SkinSheet(model, options, () => true);
    const someone = new Float32Array(80);
    sheet.shape(someone);
    const before = sheet.positions.slice();
    expect(sheet.shape(someone.map((value) => value + 0.01))).toBe(false);
    expect(sheet.positions).toEqual(before);
    someone[0] = 2;
    expect(sheet.shape(someone)).toBe(true);
    expect(sheet.positions).not.toEqual(before);
  });

  it('FB2 bridges the openings of the eyes', () => {
    const sheet = new SkinSheet(model, { ...options, smoothing: 20 }, () => true);
    sheet.shape(new Float32Array(80));
    const steps = Array.from({ length: 40 }, (_, i) => sheet.at(0.25 + i * 0.006, 0.68)[2]);
    const jumps = steps.slice(1).map((z, i) => Math.abs(z - (steps[i] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(3);
  });

  it('FB2 covers what it is asked to, and nothing else', () => {
    const sheet = new SkinSheet(model, options, (u) => u > 0.5);
    expect(sheet.triangles.length).toBeGreaterThan(0);
    for (let t = 0; t < sheet.triangles.length; t += 3) {
      const mean = [0, 1, 2].reduce((sum, k) => sum + (sheet.uvs[2 * (sheet.triangles[t + k] ?? 0)] ?? 0) / 3, 0);
      expect(mean).toBeGreaterThan(0.5);
    }
  });

  it('FB2 keeps to a real mesh of that person', () => {
    const identity = Float32Array.from({ length: 80 }, (_, i) => (i < 6 ? (i % 2 ? 1.5 : -1.5) : 0));
    const sheet = new SkinSheet(model, { ...options, smoothing: 0, lift: 0 }, () => true);
    sheet.shape(identity);
    const vertices = modelVertices(model, identity, new Float32Array(52), new Float32Array(model.mean.length));
    const [u = 0, v = 0] = sheet.uvs.subarray(2 * 300, 2 * 300 + 2);
    const skin = new SkinPoints(model, [u, v]).evaluate(vertices, new Float32Array(3));
    expect(at(sheet.positions, 300)).toEqual([...skin].map((value) => expect.closeTo(value, 3)));
  });
});

describe('outlines', () => {
  it('FB3 are the same on both sides of the face, smooth, and closed', () => {
    const outline = mirroredOutline(uvPoints('0 .8, .2 .8, .2 .6, 0 .6'), 6);
    expect(outline).toHaveLength(36);
    expect(isInside(outline, 0.5, 0.7)).toBe(true);
    for (const [u, v] of [
      [0.62, 0.7],
      [0.71, 0.61],
      [0.9, 0.7],
      [0.5, 0.5],
    ] as const) {
      expect(isInside(outline, u, v)).toBe(isInside(outline, 1 - u, v));
    }
    expect(isInside(outline, 0.9, 0.7)).toBe(false);
  });

  it('FB3 pass through their points', () => {
    const points = uvPoints('.1 .6, .2 .7, .3 .6');
    expect(smoothOutline(points, 5).filter((_, i) => i % 5 === 0)).toEqual(points);
    expect(mirrored(points)[0]).toEqual([0.4, 0.6]);
  });

  it('FB3 refuse what is not a pair of numbers', () => {
    expect(() => uvPoints('.1 .6, .2')).toThrow('“ .2” is not a pair of numbers');
    expect(() => uvPoints('.1 x')).toThrow(RangeError);
  });
});

describe('Fade', () => {
  it('FB4 goes out within a third of a second while the face is only held, and comes back', () => {
    const fade = new Fade();
    expect(fade.step({ id: 0, state: 'found', time: 5 })).toBe(1);
    const going = [1, 2, 3].map((i) => fade.step({ id: 0, state: 'held', time: 5 + i / 10 }));
    expect(going).toEqual([expect.closeTo(2 / 3), expect.closeTo(1 / 3), expect.closeTo(0)]);
    expect(fade.step({ id: 0, state: 'held', time: 5.3 })).toBeCloseTo(0);
    expect(fade.step({ id: 0, state: 'tracked', time: 5.45 })).toBeCloseTo(0.5);
    expect(fade.step({ id: 0, state: 'tracked', time: 14 })).toBe(1);
  });

  it('FB4 goes out completely at one frame per second', () => {
    const fade = new Fade();
    fade.step({ id: 0, state: 'found', time: 0 });
    expect(fade.step({ id: 0, state: 'held', time: 1 })).toBe(0);
  });

  it('FB4 starts visible for another face at the same place', () => {
    const fade = new Fade();
    fade.step({ id: 0, state: 'found', time: 0 });
    fade.step({ id: 0, state: 'held', time: 1 });
    expect(fade.step({ id: 1, state: 'found', time: 1.04 })).toBe(1);
  });
});

describe('shapes', () => {
  it('FB5 points are triples of numbers, and nothing else', () => {
    expect(points('1 -2 .5, 0 4 6').map(({ x, y, z }) => [x, y, z])).toEqual([
      [1, -2, 0.5],
      [0, 4, 6],
    ]);
    for (const wrong of ['1 2', '1 2 3 4', '1 2 x', '']) expect(() => points(wrong)).toThrow('is not a point x y z');
  });

  it('FB5 turns go once around and come back', () => {
    const angles = turns(4);
    const wanted = [1, 0, -1, 0, 1].map((cosine) => expect.closeTo(cosine, 9));
    expect(angles.map(Math.cos)).toEqual(wanted);
  });
});

describe('SteeredPoint', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** A point, its pointer, and keys to press. */
  function steered() {
    const keys = new EventTarget();
    vi.stubGlobal('addEventListener', keys.addEventListener.bind(keys));
    vi.stubGlobal('HTMLInputElement', class {});
    const pointer = { x: 0, y: 0, down: false, seen: false };
    const context = { pointer, pointerAt: (z: number) => new Vector3(100 * pointer.x, 100 * pointer.y, z) };
    const point = new SteeredPoint(context, { depth: 90, idle: (time) => [time, 2 * time] });
    const press = (key: string) => keys.dispatchEvent(Object.assign(new Event('keydown'), { key }));
    return { point, pointer, press, at: (time: number) => point.step(time).asArray() };
  }

  it('FB6 goes its own way until the pointer is seen, then follows it', () => {
    const { pointer, at } = steered();
    expect(at(3)).toEqual([3, 6, 90]);
    Object.assign(pointer, { seen: true, x: 0.5, y: -0.25 });
    expect(at(4)).toEqual([50, -25, 90]);
  });

  it('FB6 stays where the arrow keys took it until the pointer moves, and is off the keys when disposed', () => {
    const { point, pointer, press, at } = steered();
    expect(at(1)).toEqual([1, 2, 90]);
    press('ArrowRight');
    press('a');
    expect(at(2)).toEqual([13, 2, 90]);
    press('ArrowUp');
    expect(at(9)).toEqual([13, 14, 90]);
    Object.assign(pointer, { seen: true, x: 0.1 });
    expect(at(9)).toEqual([10, 0, 90]);
    point.dispose();
    press('ArrowLeft');
    expect(at(9)).toEqual([10, 0, 90]);
  });
});
