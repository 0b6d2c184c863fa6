import { describe, expect, it } from 'vitest';
import { parseFaceModel } from '../../src/face/face-model';
import { createLandmarkModel } from '../../src/face/landmark-model';
import { aboutZ } from '../../src/face/rotation';
import type { CropCamera } from '../../src/face/types';
import { seededVector, tinyFaceModel } from './tiny-face-model';

const shift = { rank: 2, reduce: seededVector(1, 2 * 138), spread: seededVector(2, 2 * 956) };
const model = createLandmarkModel(parseFaceModel(tinyFaceModel()), shift);
const camera: CropCamera = { rotation: aboutZ(0.3), centre: [300, 200], scale: 1.5, distance: 800 };
const shape = (seed: number) => ({
  identity: seededVector(seed, 80),
  expression: seededVector(seed + 1, 52, 0.5, 0.5),
});

describe('landmark model', () => {
  it('D7 an evaluator gives the same landmarks as a new one, independent of earlier calls', () => {
    const evaluator = model.newEvaluator();
    const [first, second] = [shape(10), shape(20)];
    const sameFace = { ...first, expression: second.expression };
    for (const each of [first, sameFace, second, first]) {
      expect(evaluator.landmarks(each, camera)).toEqual(model.newEvaluator().landmarks(each, camera));
    }
    expect(evaluator.landmarks(first, camera)).not.toEqual(evaluator.landmarks(second, camera));
  });

  it('D13 a selection equals the selected ones of all landmarks, shift included', () => {
    const selected = [0, 33, 200, 477];
    const evaluator = model.select(selected).newEvaluator();
    for (const each of [shape(10), shape(20)]) {
      const { landmarks478 } = model.newEvaluator().landmarks(each, camera);
      const expected = selected.flatMap((i) => [...landmarks478.subarray(3 * i, 3 * i + 3)]);
      expect([...evaluator.evaluate(each, camera)]).toEqual(expected);
    }
  });
});
