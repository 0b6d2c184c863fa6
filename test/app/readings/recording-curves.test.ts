import { describe, expect, it } from 'vitest';
import { curvePath, readCurves } from '../../../src/app/readings/recording-curves';
import { goldenLines, lineAt } from '../../recording/some-frame';

async function* streamed(lines: readonly string[]): AsyncGenerator<string, void, undefined> {
  yield* lines;
}

describe('recording curves', () => {
  it('RU5 reads a limited number of frames and leaves gaps without a face', async () => {
    const long = await readCurves(streamed(Array.from({ length: 1000 }, (_, i) => lineAt(i))), 1000);
    expect(long.jaw.length).toBeLessThanOrEqual(160);
    expect(long.jaw.length).toBeGreaterThan(100);
    const some = await readCurves(streamed(goldenLines), goldenLines.length);
    expect(some.visibility).toHaveLength(goldenLines.length);
    expect(some.visibility).toContain(null);
  });

  it('RU5 draws a path from the bottom at 0 to the top at 1, with a gap', () => {
    expect(curvePath([0, 1, null, 0.5], 30, 10)).toBe('M0.0 10.0L10.0 0.0M30.0 5.0');
  });
});
