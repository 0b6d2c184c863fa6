import { describe, expect, it } from 'vitest';
import { ClipCoverage } from '../../../src/app/readings/clip-coverage';
import { type Face, REGIONS } from '../../../src/face/types';

function face(hidden: number): Face {
  const visibility = Object.fromEntries(REGIONS.map((region, i) => [region, i < hidden ? 0 : 1]));
  return { visibility } as unknown as Face;
}

describe('ClipCoverage', () => {
  it('VP5 a part is not tracked, without a face, or found with its covered share', () => {
    const coverage = new ClipCoverage();
    coverage.add(0, [face(0)], false);
    coverage.add(1, [], true);
    coverage.add(2, [face(4), face(0)], true);
    expect(coverage.between(0, 0.1)).toEqual({ covered: 0 });
    expect(coverage.between(0.5, 0.6)).toBeUndefined();
    expect(coverage.between(1, 1.1)).toEqual({ covered: null });
    expect(coverage.between(2, 2.1)?.covered).toBeCloseTo(0.4);
    expect(coverage.between(0, 3)?.covered).toBeCloseTo(0.4);
  });

  it('VP5 frames that a slow machine skips belong to the next tracked one, but a seek leaves a gap', () => {
    const coverage = new ClipCoverage();
    coverage.add(0, [face(0)], false);
    coverage.add(0.4, [face(2)], false);
    coverage.add(1, [face(0)], true);
    expect(coverage.between(0.2, 0.3)?.covered).toBeCloseTo(0.2);
    expect(coverage.between(0.5, 0.9)).toBeUndefined();
    const { tracked, found, covered } = coverage.summary();
    expect(tracked).toBeCloseTo(0.6);
    expect([found, covered]).toEqual([1, expect.closeTo(4 / 6)]);
  });
});
