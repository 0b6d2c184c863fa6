import { describe, expect, it } from 'vitest';
import { PlotSeries, quantityOf } from '../../../src/app/readings/plot-series';
import { exponential } from '../../../src/face/rotation';
import { EXPRESSION_NAMES, type RawFace, type Vector3 } from '../../../src/face/types';

function turned(vector: Vector3): RawFace {
  return {
    id: 0,
    pose: { rotation: exponential(vector), translation: [1, 2, -300] },
    expressionValues: Float32Array.from(EXPRESSION_NAMES, (name) => (name === 'jawOpen' ? 0.375 : 0)),
  } as unknown as RawFace;
}

describe('PlotSeries', () => {
  it('A11: yaw is positive to the left, pitch up, roll towards the right shoulder', () => {
    const angle = (vector: Vector3, name: 'yaw' | 'pitch' | 'roll') => quantityOf(turned(vector), name);
    expect(angle([0, 0.5, 0], 'yaw')).toBeCloseTo(28.65, 2);
    expect(angle([-0.5, 0, 0], 'pitch')).toBeCloseTo(28.65, 2);
    expect(angle([0, 0, 0.5], 'roll')).toBeCloseTo(28.65, 2);
    expect(angle([0, 0.5, 0], 'roll')).toBeCloseTo(0, 5);
    expect([quantityOf(turned([0, 0, 0]), 'tz'), quantityOf(turned([0, 0, 0]), 'jawOpen')]).toEqual([-300, 0.375]);
  });

  it('A11: keeps the last seconds, gaps as null, times counted back from the newest', () => {
    const series = new PlotSeries(2);
    for (const time of [0, 1, 2, 3, 4]) series.add(time, time === 3 ? undefined : time, 10 * time);
    expect(series.columns()).toEqual([
      [-2, -1, 0],
      [2, null, 4],
      [20, 30, 40],
    ]);
    series.add(1, 7, 8);
    expect(series.columns()).toEqual([[0], [7], [8]]);
  });
});
