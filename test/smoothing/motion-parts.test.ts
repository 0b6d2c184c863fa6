import { describe, expect, it } from 'vitest';
import { createCoverOffset } from '../../src/smoothing/cover-offset';
import { createMotionModels } from '../../src/smoothing/motion-models';
import { createSwingDetector } from '../../src/smoothing/swing';

const settings = { noise: 0.1, wander: 0.1, accelerations: [1, 10] };

describe('motion models', () => {
  it('S15 start at rest at the first value, the model at rest most probable', () => {
    const models = createMotionModels(2, settings);
    models.start([3, -4]);
    expect([...models.blend(new Float64Array(2))]).toEqual([3, -4].map((value) => expect.closeTo(value, 12)));
    expect(models.all.map(({ chance }) => chance)).toEqual([0.8, 0.1, 0.1]);
  });

  it('S15 prediction advances the moving models, not the one at rest, and the probabilities sum to 1', () => {
    const models = createMotionModels(1, settings);
    models.start([0]);
    models.all[2]?.v.fill(5);
    models.predict(0.1, 4);
    const [rest, , quick] = models.all;
    expect(quick?.x[0]).toBeGreaterThan(0.2);
    expect(rest?.v[0]).toBe(0);
    expect(models.all.reduce((sum, { chance }) => sum + chance, 0)).toBeCloseTo(1, 12);
  });

  it('S15 coasting decays the velocities, stopping sets them to 0', () => {
    const models = createMotionModels(1, settings);
    models.all[1]?.v.fill(1);
    models.coast(0.06);
    expect(models.all[1]?.v[0]).toBeCloseTo(Math.exp(-1), 12);
    models.stop();
    expect(models.all[1]?.v[0]).toBe(0);
  });
});

describe('cover offset', () => {
  it('S17 an absorbed offset moves into the result in three equal steps', () => {
    const models = createMotionModels(1, settings);
    models.start([1]);
    const offset = createCoverOffset(1);
    offset.absorb([1.3], models.blend(new Float64Array(1)));
    const places = [1, 2, 3, 4].map(() => {
      offset.release(models);
      return models.blend(new Float64Array(1))[0];
    });
    expect(places).toEqual([1.1, 1.2, 1.3, 1.3].map((place) => expect.closeTo(place, 9)));
    expect(offset.value[0]).toBe(0);
  });

  it('S17 a push adds its variance, which decays while the cover lies still', () => {
    const offset = createCoverOffset(1);
    offset.grow(3);
    offset.grow(4);
    expect(offset.variance).toBe(25);
    offset.settle(0.1);
    expect(offset.variance).toBeCloseTo(25 / Math.E, 9);
  });
});

describe('swing detector', () => {
  const watch = (values: readonly number[]) => {
    const swing = createSwingDetector(1);
    swing.start([0]);
    return values.map((value) => swing.step([value], true));
  };

  it('S15 oscillation is detected from the second reversal to the next step without one', () => {
    expect(watch([1, 0, 1, 0, -1])).toEqual([false, false, true, true, false]);
  });

  it('S15 steady motion is not oscillation', () => {
    expect(watch([1, 2, 3, 4, 5])).toEqual([false, false, false, false, false]);
  });

  it('S15 the calm value is the mean of two sure measurements, else the last one; it moves with the origin', () => {
    const swing = createSwingDetector(1);
    swing.start([2]);
    swing.step([4], true);
    expect(swing.calm[0]).toBe(3);
    swing.shift([1]);
    swing.step([5], true);
    expect(swing.calm[0]).toBe(4);
    swing.step([8], false);
    expect(swing.calm[0]).toBe(8);
    swing.step([10], true);
    expect(swing.calm[0]).toBe(10);
  });
});
