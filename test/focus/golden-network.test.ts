import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, type GoldenCase, openBundle } from './run-bundle';

interface Golden {
  readonly sha256: Readonly<Record<string, string>>;
  readonly tolerance: { readonly network: number; readonly points: number };
  readonly cases: (GoldenCase & {
    /** Channel, row, column, probability. */
    readonly mask: { readonly mean: number[]; readonly samples: [number, number, number, number][] };
  })[];
}

const folder = resolve(import.meta.dirname, '../golden');
const bundle = resolve(import.meta.dirname, '../../public/models/peekaboo');

describe('golden network', () => {
  const golden: Golden = JSON.parse(readFileSync(resolve(folder, 'network.json'), 'utf8'));

  it('D11 the bundle is the one from which the golden values were made', () => {
    for (const [file, sum] of Object.entries(golden.sha256)) {
      expect(
        createHash('sha256')
          .update(readFileSync(resolve(bundle, file)))
          .digest('hex'),
      ).toBe(sum);
    }
  });

  it('D12: an output is not overwritten by the next run', { timeout: 60_000 }, async () => {
    const look = await openBundle(bundle);
    const [first, second] = golden.cases;
    if (!first || !second) throw new Error('network.json: two cases expected');
    const held = (await look(resolve(folder, first.image))).output;
    const before = [...held.identity, ...held.mask];
    await look(resolve(folder, second.image));
    expect([...held.identity, ...held.mask]).toEqual(before);
  });

  it('D11 the crops give the golden outputs, mask and points', { timeout: 60_000 }, async () => {
    const look = await openBundle(bundle);
    expect(golden.cases.length).toBeGreaterThan(1);
    for (const wanted of golden.cases) {
      const names = ['identity', 'expression', 'pose', 'albedo', 'light', 'presence'] as const;
      const seen = await look(resolve(folder, wanted.image));
      const off = compare(seen, wanted, names);
      expect(off.outputs).toBeLessThan(golden.tolerance.network);
      expect(Math.max(off.points68, off.points478)).toBeLessThan(golden.tolerance.points);
      for (const [channel, row, column, probability] of wanted.mask.samples) {
        const found = seen.output.mask[(channel * 96 + row) * 96 + column] as number;
        expect(Math.abs(found - probability)).toBeLessThan(golden.tolerance.network);
      }
    }
  });

  it('D3 the golden values detect a mirrored picture and another case', { timeout: 60_000 }, async () => {
    const look = await openBundle(bundle);
    const [clean, covered] = golden.cases;
    if (!clean || !covered) throw new Error('network.json: two cases expected');
    const seen = await look(resolve(folder, clean.image));
    expect(compare(seen, covered, ['pose']).points68).toBeGreaterThan(golden.tolerance.points);
    const mirrored = seen.face.landmarks68.map((value, i) => (i % 2 === 0 ? 191 - value : value));
    const face = { ...seen.face, landmarks68: mirrored };
    expect(compare({ ...seen, face }, clean, ['pose']).points68).toBeGreaterThan(1);
  });
});
