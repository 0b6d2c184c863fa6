import { describe, expect, it } from 'vitest';
import { facePose } from '../../src/face/face-pose';
import { lensOfFrame, poseInFrame, projectPoints } from '../../src/face/projection';
import { aboutZ, multiply } from '../../src/face/rotation';
import type { CropCamera, Quaternion } from '../../src/face/types';

const ABOUT_Y: Quaternion = [0, Math.sin(0.2), 0, Math.cos(0.2)];
const FOV = (63 * Math.PI) / 180;

/** A column-by-column matrix times a point. */
function transform(m: Float32Array, [x, y, z]: readonly [number, number, number]): number[] {
  return [0, 1, 2].map((i) => (m[i] ?? 0) * x + (m[4 + i] ?? 0) * y + (m[8 + i] ?? 0) * z + (m[12 + i] ?? 0));
}

describe('facePose', () => {
  it('PK15 is a rigid motion, column by column', () => {
    const matrix = facePose({ pose: { rotation: aboutZ(Math.PI / 2), translation: [10, 20, -500] } });
    expect([...matrix].map((value) => Math.round(value * 1000) / 1000)).toEqual(
      [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 10, 20, -500, 1].map((value) => value + 0),
    );
  });

  it('PK15 with a model, its origin is moved to the translation', () => {
    const face = { pose: { rotation: ABOUT_Y, translation: [1, 2, -300] as const } };
    const origin = [3, 40, -5] as const;
    transform(facePose(face, { origin }), origin).forEach((value, i) => {
      expect(value).toBeCloseTo(face.pose.translation[i] ?? 0, 3);
    });
  });

  it('PK15 a point near the origin is drawn where the crop camera draws it', () => {
    const [width, height] = [640, 480];
    const camera: CropCamera = {
      rotation: multiply(aboutZ(0.1), ABOUT_Y),
      centre: [350, 220],
      scale: 1.2,
      distance: 700,
    };
    const lens = lensOfFrame(width, height, FOV);
    const point = [10, -8, 6] as const;
    const [x = 0, y = 0, z = 0] = transform(facePose({ pose: poseInFrame(camera, lens) }), point);
    const [u = 0, v = 0] = projectPoints(camera, [0, 0, 0], Float32Array.of(...point), new Float32Array(2));
    expect(Math.abs(lens.centreX + (lens.focal * x) / -z - u)).toBeLessThan(0.5);
    expect(Math.abs(lens.centreY - (lens.focal * y) / -z - v)).toBeLessThan(0.5);
  });
});
