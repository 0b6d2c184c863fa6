import { describe, expect, it } from 'vitest';
import { cropToFrame } from '../../src/face/crop-transform';
import { parseFaceModel } from '../../src/face/face-model';
import { followCamera, lensOfFrame, projectPoints } from '../../src/face/projection';
import { angleBetween, exponential, toMatrix } from '../../src/face/rotation';
import type { Crop, Pose, Quaternion, Vector3 } from '../../src/face/types';
import { cropCamera, uncrop, VERTICAL_FOV } from '../../src/focus/camera';
import { refinePose } from '../../src/focus/refine-pose';
import { tinyFaceModel } from '../face/tiny-face-model';
import { fitPose } from './fit-pose';
import { tinyManifest } from './tiny-bundle';

const WIDTH = 640;
const HEIGHT = 480;
/** A crop that is its own frame. */
const WHOLE: Crop = { centreX: 95.5, centreY: 95.5, side: 192, angle: 0 };
const model = parseFaceModel(tinyFaceModel());
const convention = tinyManifest().pose;
const lens = lensOfFrame(WIDTH, HEIGHT, VERTICAL_FOV);

/** What a pinhole camera sees of the model, n × 2 frame pixels. */
function photograph({ rotation, translation }: Pose): Float32Array {
  const m = toMatrix(rotation);
  const pixels = new Float32Array((model.mean.length / 3) * 2);
  for (let i = 0; i < model.vertexCount; i++) {
    const p = [0, 1, 2].map((axis) => (model.mean[3 * i + axis] as number) - (model.origin[axis] as number));
    const [x, y, z] = [0, 1, 2].map((r) =>
      m.slice(3 * r, 3 * r + 3).reduce((s, v, k) => s + v * (p[k] as number), translation[r] as number),
    );
    const k = lens.focal / -(z as number);
    pixels[2 * i] = lens.centreX + k * (x as number);
    pixels[2 * i + 1] = lens.centreY - k * (y as number);
  }
  return pixels;
}

/** An upright square around the pixels, as the crop of a face. */
function cropAround(pixels: Float32Array, angle: number): Crop {
  const xs = pixels.filter((_, i) => i % 2 === 0);
  const ys = pixels.filter((_, i) => i % 2 === 1);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return {
    centreX: (left + right) / 2,
    centreY: (top + bottom) / 2,
    side: 1.5 * Math.max(right - left, bottom - top),
    angle,
  };
}

/** What the network would answer for such a picture, at best. */
function look(truth: Pose) {
  const pixels = photograph(truth);
  const crop = cropAround(pixels, 0.15);
  const camera = cropCamera(fitPose(model.mean, pixels, crop, model.origin, convention), crop, convention);
  const drawn = projectPoints(camera, model.origin, model.mean, new Float32Array(pixels.length));
  return { crop, camera, drawn, pose: uncrop(camera, WIDTH, HEIGHT) };
}

const degrees = (a: Quaternion, b: Quaternion) => (angleBetween(a, b) * 180) / Math.PI;

const places: [string, Vector3, number][] = [
  ['in the middle', [0, 0, -800], 0.01],
  ['at the right edge', [420, 0, -800], 1],
  ['at the upper edge', [0, 320, -800], 1],
  ['in the lower left corner', [-340, -240, -800], 1],
  ['far away at the left edge', [-700, 0, -1300], 1],
  ['half out of the frame', [580, 0, -800], 2.5],
];
const turns: [string, Vector3][] = [
  ['straight', [0, 0, 0]],
  ['turned', [0.1, 0.5, 0]],
  ['tilted', [0.25, -0.2, 0.4]],
];

describe.each(places)('a head %s', (_where, translation, limit) => {
  it.each(turns)('D5 that looks %s keeps its pose', (_how, vector) => {
    const truth: Pose = { rotation: exponential(vector), translation };
    const { drawn, camera, pose } = look(truth);
    const refined = refinePose(pose, model.mean, drawn, model.origin, lens);
    expect(degrees(refined.rotation, truth.rotation)).toBeLessThan(limit);
    refined.translation.forEach((value, axis) => {
      expect(Math.abs(value - (translation[axis] as number))).toBeLessThan(8);
    });
    // The turn by the viewing ray alone: most of the way, and without it the pose would be far off.
    expect(degrees(pose.rotation, truth.rotation)).toBeLessThan(14);
    const away = Math.hypot(translation[0], translation[1]) > 0;
    if (away) expect(degrees(camera.rotation, truth.rotation)).toBeGreaterThan(12);
  });
});

describe('poses', () => {
  const truth: Pose = { rotation: exponential([0.1, 0.3, 0.1]), translation: [150, 60, -700] };

  it('D6 content rendered with the crop camera coincides with the pixels of the crop', () => {
    const { crop, drawn } = look(truth);
    const pixels = photograph(truth);
    const inside = cropCamera(fitPose(model.mean, pixels, crop, model.origin, convention), WHOLE, convention);
    const inCrop = projectPoints(inside, model.origin, model.mean, new Float32Array(pixels.length));
    const { a, b, x0, y0 } = cropToFrame(crop);
    for (let i = 0; i < inCrop.length; i += 2) {
      const [u, v] = inCrop.subarray(i, i + 2) as unknown as [number, number];
      expect(Math.abs(x0 + a * u - b * v - (drawn[i] as number))).toBeLessThan(0.01);
      expect(Math.abs(y0 + b * u + a * v - (drawn[i + 1] as number))).toBeLessThan(0.01);
    }
  });

  it('D6 a pose follows its camera', () => {
    const { camera, pose } = look(truth);
    const moved = {
      ...camera,
      centre: [camera.centre[0] + 4, camera.centre[1] - 3],
      scale: camera.scale * 1.02,
    } as const;
    const wanted = uncrop(moved, WIDTH, HEIGHT);
    const found = followCamera(pose, camera, moved);
    expect(degrees(found.rotation, wanted.rotation)).toBeLessThan(1);
    found.translation.forEach((value, axis) => {
      expect(value).toBeCloseTo(wanted.translation[axis] as number, 6);
    });
    expect(followCamera(pose, camera, camera).translation).toEqual(
      pose.translation.map((value) => expect.closeTo(value, 9)),
    );
  });

  it('D6 degenerate points leave the pose unchanged', () => {
    const start: Pose = { rotation: [0, 0, 0, 1], translation: [0, 0, -500] };
    expect(refinePose(start, new Float32Array(9), new Float32Array(6), [0, 0, 0], lens)).toBe(start);
  });
});
