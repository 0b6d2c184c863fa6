import { describe, expect, it } from 'vitest';
import { cropCorners } from '../../../src/render/overlay/face-strokes';
import { StrokeBuffer } from '../../../src/render/overlay/strokes';

const TONE = [1, 0, 0, 1] as const;

describe('strokes', () => {
  it('R9 makes a quad around a line, wider by radius and margin', () => {
    const strokes = new StrokeBuffer(2);
    strokes.add({ x1: 10, y1: 20, x2: 10, y2: 50, radius: 2, tone: TONE }, 1);
    const xs = [0, 1, 2, 3].map((vertex) => strokes.positions[3 * vertex]);
    const ys = [0, 1, 2, 3].map((vertex) => strokes.positions[3 * vertex + 1]);
    expect([Math.min(...(xs as number[])), Math.max(...(xs as number[]))]).toEqual([7, 13]);
    expect([Math.min(...(ys as number[])), Math.max(...(ys as number[]))]).toEqual([17, 53]);
    expect([...strokes.capsules.subarray(0, 4)]).toEqual([-3, -3, 30, 2]);
  });

  it('R9 makes a dot where both ends are one', () => {
    const strokes = new StrokeBuffer(1);
    strokes.add({ x1: 5, y1: 6, x2: 5, y2: 6, radius: 1, tone: TONE }, 0.5);
    expect([...strokes.positions]).toEqual([3.5, 4.5, 0, 6.5, 4.5, 0, 6.5, 7.5, 0, 3.5, 7.5, 0]);
  });

  it('R9 leaves out what exceeds its capacity and forgets everything on clear', () => {
    const strokes = new StrokeBuffer(1);
    const dot = { x1: 5, y1: 6, x2: 5, y2: 6, radius: 1, tone: TONE };
    strokes.add(dot, 0);
    strokes.add(dot, 0);
    expect(strokes.count).toBe(1);
    strokes.clear();
    expect(strokes.count).toBe(0);
    expect([...strokes.positions]).toEqual(new Array(12).fill(0));
  });

  it('R9 turns the crop’s square clockwise on screen', () => {
    const corners = cropCorners({ centreX: 100, centreY: 50, side: 20, angle: Math.PI / 2 });
    const expected = [110, 40, 110, 60, 90, 60, 90, 40];
    corners.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? 0, 6);
    });
  });
});
