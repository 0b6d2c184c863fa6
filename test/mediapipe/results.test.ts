import { describe, expect, it } from 'vitest';
import { faceOf } from '../../src/face/expression';
import { resultOf } from '../../src/package/mediapipe/results';
import { seenFace } from '../pipeline/doubles';

const size = { width: 200, height: 100 };

function trackedFace() {
  const seen = seenFace(100, 50, 40);
  const coefficients = { ...seen.coefficients, expression: new Float32Array(52) };
  return faceOf({ ...seen, id: 1, state: 'found', coefficients });
}

describe("results in MediaPipe's form", () => {
  it('PK16 landmarks are normalised, with pixel centres at half pixels', () => {
    const seen = trackedFace();
    seen.landmarks478.set([99.5, 24.5, -20]);
    const [points = []] = resultOf([seen], size, {}).faceLandmarks;
    expect(points).toHaveLength(478);
    expect(points[0]).toEqual({ x: 0.5, y: 0.25, z: -0.1, visibility: 0 });
  });

  it('PK16 has _neutral and 51 blend shapes in MediaPipe’s order', () => {
    const seen = trackedFace();
    const { faceBlendshapes } = resultOf([seen], size, { outputFaceBlendshapes: true });
    const names = faceBlendshapes[0]?.categories.map(({ categoryName }) => categoryName);
    expect(names).toHaveLength(52);
    expect(names?.slice(0, 4)).toEqual(['_neutral', 'browDownLeft', 'browDownRight', 'browInnerUp']);
    expect(names?.slice(-2)).toEqual(['noseSneerLeft', 'noseSneerRight']);
    expect(names).not.toContain('tongueOut');
    expect(faceBlendshapes[0]?.categories.map(({ index }) => index)).toEqual(names?.map((_, i) => i));
  });

  it('PK16 has optional parts only where they are requested, and the visibility', () => {
    const seen = trackedFace();
    const plain = resultOf([seen], size, {});
    expect([plain.faceBlendshapes, plain.facialTransformationMatrixes]).toEqual([[], []]);
    expect(plain.visibility).toEqual([seen.visibility]);
    const [matrix] = resultOf([seen], size, {
      outputFacialTransformationMatrixes: true,
    }).facialTransformationMatrixes;
    expect(matrix).toMatchObject({ rows: 4, columns: 4 });
    expect(matrix?.data).toHaveLength(16);
    expect(matrix?.data.slice(-1)).toEqual([1]);
  });
});
