import { describe, expect, it } from 'vitest';
import { projectPoints } from '../../../src/face/projection';
import { aboutZ, exponential, multiply } from '../../../src/face/rotation';
import { sh9 } from '../../../src/face/spherical-harmonics';
import type { CropCamera, Vector3 } from '../../../src/face/types';
import { lightUniform } from '../../../src/render/light/light-uniform';
import { cropProjection, type DepthRange, lightRotation } from '../../../src/render/view/crop-projection';
import { fitFrame } from '../../../src/render/view/view';
import { seededVector } from '../../face/tiny-face-model';

const FRAME = { width: 640, height: 480 };
const CANVAS = { width: 900, height: 700 };
const ORIGIN: Vector3 = [0, 2, 95];
const camera: CropCamera = {
  rotation: exponential([0.2, -0.6, 0.3]),
  centre: [402.5, 130.25],
  scale: 1.7,
  distance: 800,
};
const points = seededVector(3, 3 * 40, 90, 20);

/** Column-major 4 × 4 times (x, y, z, 1), divided by w; w last. */
function transform(m: Float32Array, x: number, y: number, z: number): [number, number, number, number] {
  const row = (r: number) => (m[r] ?? 0) * x + (m[4 + r] ?? 0) * y + (m[8 + r] ?? 0) * z + (m[12 + r] ?? 0);
  const w = row(3);
  return [row(0) / w, row(1) / w, row(2) / w, w];
}

function vertex(i: number): [number, number, number] {
  return [points[3 * i] ?? 0, points[3 * i + 1] ?? 0, points[3 * i + 2] ?? 0];
}

describe('crop projection', () => {
  it.each([false, true])('R1 puts every vertex on the pixel that the face’s camera gives (mirror %s)', (mirror) => {
    const view = fitFrame(CANVAS, FRAME, 'contain', mirror);
    const matrix = cropProjection(camera, ORIGIN, 640, view, 'half', new Float32Array(16));
    const expected = projectPoints(camera, ORIGIN, points, new Float32Array(2 * 40));
    for (let i = 0; i < 40; i++) {
      const [x, y] = transform(matrix, ...vertex(i));
      expect((x - view.offsetX) / view.scaleX).toBeCloseTo(expected[2 * i] ?? 0, 2);
      expect((y - view.offsetY) / view.scaleY).toBeCloseTo(expected[2 * i + 1] ?? 0, 2);
    }
  });

  it.each(['half', 'full'] as DepthRange[])('R3 keeps depth inside the range %s, nearer first', (range) => {
    const view = fitFrame(CANVAS, FRAME, 'contain', false);
    const matrix = cropProjection(camera, ORIGIN, 640, view, range, new Float32Array(16));
    const depths = projectPoints(camera, ORIGIN, points, new Float32Array(3 * 40), true);
    const order = [...Array(40).keys()].sort((a, b) => (depths[3 * a + 2] ?? 0) - (depths[3 * b + 2] ?? 0));
    const clip = order.map((i) => transform(matrix, ...vertex(i))[2]);
    expect(clip).toEqual([...clip].sort((a, b) => a - b));
    expect(Math.min(...clip)).toBeGreaterThan(range === 'half' ? 0 : -1);
    expect(Math.max(...clip)).toBeLessThan(1);
  });

  it('R3 puts the farther of two faces behind the nearer one', () => {
    const view = fitFrame(CANVAS, FRAME, 'contain', false);
    const depthAt = (distance: number) =>
      transform(cropProjection(camera, ORIGIN, distance, view, 'half', new Float32Array(16)), ...ORIGIN)[2];
    expect(depthAt(500)).toBeLessThan(depthAt(700));
  });
});

describe('light', () => {
  it('R4 is seen in the crop’s axes: turning the crop with the face changes nothing', () => {
    const upright = lightRotation(camera, 0, new Float32Array(16));
    const angle = 0.4;
    // A crop turned clockwise on screen (y down) by `angle` sees a face that is turned by -angle about z (y up).
    const turned = { ...camera, rotation: multiply(aboutZ(-angle), camera.rotation) };
    const undone = lightRotation(turned, angle, new Float32Array(16));
    for (let i = 0; i < 16; i++) expect(undone[i]).toBeCloseTo(upright[i] ?? 0, 5);
  });

  it('R4 gives the shader each colour’s nine numbers, with the base on the first', () => {
    const light = seededVector(5, 27);
    const uniform = lightUniform(light, []);
    const basis = sh9(0.36, 0.48, 0.8, new Float32Array(9));
    for (let colour = 0; colour < 3; colour++) {
      let expected = 3.2 * 0.282095;
      let given = 0;
      for (let k = 0; k < 9; k++) {
        expected += (light[9 * colour + k] ?? 0) * (basis[k] ?? 0);
        given += (uniform[4 * k + colour] ?? 0) * (basis[k] ?? 0);
      }
      expect(given).toBeCloseTo(expected, 5);
    }
  });
});
