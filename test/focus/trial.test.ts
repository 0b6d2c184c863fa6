import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, type GoldenCase, openBundle } from './run-bundle';

/**
 * PEEKABOO_TRIAL is the folder of a development bundle with golden cases, from which public/models/trial was imported; it is
 * no part of the project, so without the variable there is nothing to test.
 */
const material = process.env.PEEKABOO_TRIAL ?? '';
const bundle = resolve(import.meta.dirname, '../../public/models/trial');

describe.skipIf(material === '')('trial bundle', () => {
  it('D11 turns its golden pictures into its golden outputs and points', { timeout: 60_000 }, async () => {
    const golden: { cases: GoldenCase[] } = JSON.parse(readFileSync(resolve(material, 'golden.json'), 'utf8'));
    const look = await openBundle(bundle);
    for (const wanted of golden.cases) {
      // Its pose is told from another crop centre; points and rotation are the same.
      const names = ['identity', 'expression', 'albedo', 'light', 'presence'] as const;
      const off = compare(await look(resolve(material, wanted.image)), wanted, names);
      expect(off.outputs).toBeLessThan(1e-3);
      expect(Math.max(off.points68, off.points478)).toBeLessThan(0.05);
      expect(off.rotation).toBeLessThan(1e-3);
    }
  });
});
