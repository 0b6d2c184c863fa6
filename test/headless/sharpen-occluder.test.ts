import { describe, expect, it } from 'vitest';
import type { Crop, FaceMask } from '../../src/face/types';
import { joinMasks } from '../../src/focus/wide-mask';
import { guidedFilter } from '../../src/headless/guided-filter';
import { type Occluder, occluderInFrame } from '../../src/headless/occluder-in-frame';
import { sharpenOccluder } from '../../src/headless/sharpen-occluder';

const SIZE = 240;
const crop: Crop = { centreX: 119.5, centreY: 119.5, side: 192, angle: 0.2 };

/** A picture whose right part, from `edge` on, has another colour. */
function twoColours(edge: number, right: readonly [number, number, number] = [60, 120, 160]) {
  const data = new Uint8ClampedArray(4 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const noise = (i * 7919) % 7;
    const colour = i % SIZE >= edge ? right : [200, 160, 140];
    data.set([...colour.map((value) => value + noise), 255], 4 * i);
  }
  return { data, width: SIZE, height: SIZE };
}

/** A mask that says occluder right of a line of the frame, soft as the network's are. */
function maskFrom(line: number, turned = crop): FaceMask {
  const occluder = new Uint8Array(96 * 96);
  const { cos, sin } = { cos: Math.cos(turned.angle), sin: Math.sin(turned.angle) };
  for (let i = 0; i < occluder.length; i++) {
    const u = 2 * (i % 96) + 0.5 - 95.5;
    const v = 2 * Math.floor(i / 96) + 0.5 - 95.5;
    const x = turned.centreX + (turned.side / 192) * (cos * u - sin * v);
    occluder[i] = Math.round(255 / (1 + Math.exp(-(x - line) / 3)));
  }
  const none = new Uint8Array(96 * 96);
  return { width: 96, height: 96, extent: 1, occluder, skin: none, own: none };
}

/** Where the frame's middle row turns into occluder. */
function edgeOf(mask: Occluder): number {
  const row = occluderInFrame(mask, crop, SIZE, SIZE, new Uint8Array(SIZE * SIZE)).subarray(120 * SIZE, 121 * SIZE);
  return row.findIndex((value, x) => x > 60 && value >= 128);
}

describe('sharpenOccluder', () => {
  it('CM11: moves an outline that is some pixels off to where the colours change', () => {
    const picture = twoColours(120);
    for (const off of [-4, 4]) {
      const coarse = maskFrom(120 + off);
      expect(Math.abs(edgeOf(coarse) - (120 + off))).toBeLessThanOrEqual(1);
      expect(Math.abs(edgeOf(sharpenOccluder(coarse, crop, picture)) - 120)).toBeLessThanOrEqual(1);
    }
  });

  it('CM11: sharpens wide masks too, at two pixels per cell', () => {
    const coarse = maskFrom(124);
    const wide = joinMasks(coarse, crop, {
      mask: maskFrom(124, { ...crop, side: 288 }),
      square: { ...crop, side: 288 },
    });
    const sharp = sharpenOccluder(wide, crop, twoColours(120));
    expect(sharp).toMatchObject({ width: 288, height: 288, extent: 1.5 });
    expect(Math.abs(edgeOf(sharp) - 120)).toBeLessThanOrEqual(1);
  });

  it('CM11: leaves an outline on plain colours where it is', () => {
    const plain = twoColours(120, [200, 160, 140]);
    expect(Math.abs(edgeOf(sharpenOccluder(maskFrom(126), crop, plain)) - 126)).toBeLessThanOrEqual(1);
  });

  it('CM11: makes no occluder where the network saw none', () => {
    const clear: FaceMask = { ...maskFrom(126), occluder: new Uint8Array(96 * 96) };
    expect(sharpenOccluder(clear, crop, twoColours(120))).toBe(clear);
  });
});

describe('a written mask’s edge', () => {
  const even = (value: number): FaceMask => ({ ...maskFrom(126), occluder: new Uint8Array(96 * 96).fill(value) });
  const middle = (mask: Occluder) => mask.occluder[(mask.width * mask.height + mask.width) / 2] as number;
  const plain = twoColours(240);

  it('CM12: lies where the network is sure by 0.455, and nothing else moves past it', () => {
    expect(middle(sharpenOccluder(even(114), crop, plain))).toBeLessThan(128);
    expect(middle(sharpenOccluder(even(118), crop, plain))).toBeGreaterThanOrEqual(128);
  });

  it('CM12: none stays none, all stays all, and more stays more', () => {
    const values = [0, 40, 90, 116, 140, 200, 255].map((value) => middle(sharpenOccluder(even(value), crop, plain)));
    expect(values[0]).toBe(0);
    expect(values.at(-1)).toBe(255);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});

describe('guidedFilter', () => {
  it('CM11: gives back values that are a linear function of colour', () => {
    const random = (seed: number) => Float32Array.from({ length: 400 }, (_, i) => Math.abs(Math.sin(seed + 12.9 * i)));
    const guide = [random(1), random(2), random(3)] as const;
    const values = Float32Array.from(
      { length: 400 },
      (_, i) => 0.2 + 0.5 * (guide[0][i] ?? 0) - 0.3 * (guide[2][i] ?? 0),
    );
    const filtered = guidedFilter(guide, values, 20, { radius: 3, epsilon: 1e-6 });
    for (let i = 0; i < 400; i++) expect(filtered[i]).toBeCloseTo(values[i] ?? 0, 2);
  });
});
