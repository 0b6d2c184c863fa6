import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectPoints } from '../../src/face/projection';
import { toMatrix } from '../../src/face/rotation';
import { sh9 } from '../../src/face/spherical-harmonics';
import type { Crop, Vector3 } from '../../src/face/types';
import { cropCamera, rotationFrom6d, uncrop } from '../../src/focus/camera';
import { cropFromPoints, resampleCrop } from '../../src/focus/crop';
import { tinyManifest } from './tiny-bundle';

type Point = [number, number, number];
interface Geometry {
  frame: { width: number; height: number };
  verticalFovDegrees: number;
  origin: Point;
  cases: {
    crop: Crop;
    pose: number[];
    points: Point[];
    rotation: Point[];
    framePoints: [number, number][];
    cropCamera: { rotation: number[]; centre: number[]; scale: number; distance: number };
    framePose: { rotation: number[]; translation: number[] };
  }[];
  cropFromPoints: { points: [number, number][]; crop: Crop };
  light: { light: number[]; normals: Point[]; albedo: Point[]; values: Point[] };
}
interface CropGolden {
  image: { width: number; height: number; rgb: string };
  cases: { crop: Crop; samples: [number, number, number, number, number][] }[];
}

const read = (name: string) => JSON.parse(readFileSync(resolve(import.meta.dirname, '../golden', name), 'utf8'));
const geometry: Geometry = read('geometry.json');
const cropGolden: CropGolden = read('crop.json');
const convention = tinyManifest().pose;
const origin: Vector3 = geometry.origin;

/** Largest difference of two lists of equal length. */
function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}

describe.each(geometry.cases.map((one, i) => [i, one] as const))('golden camera %i', (_, one) => {
  const camera = cropCamera(one.pose, one.crop, convention);
  const points = Float32Array.from(one.points.flat());

  it('D1 the six numbers are the golden rotation, columns first', () => {
    expect(worst(toMatrix(rotationFrom6d(one.pose)), one.rotation.flat())).toBeLessThan(1e-6);
  });

  it('D1 the crop camera equals the golden one and projects to the golden pixels', () => {
    expect(worst(camera.rotation, one.cropCamera.rotation)).toBeLessThan(1e-6);
    expect(worst(camera.centre, one.cropCamera.centre)).toBeLessThan(1e-6);
    expect(camera.scale).toBeCloseTo(one.cropCamera.scale, 6);
    expect(camera.distance).toBe(800);
    const pixels = projectPoints(camera, origin, points, new Float32Array(points.length * (2 / 3)));
    expect(worst(pixels, one.framePoints.flat())).toBeLessThan(1e-4);
  });

  it('D2 the pose in the frame is the golden one', () => {
    const fov = (geometry.verticalFovDegrees * Math.PI) / 180;
    const pose = uncrop(camera, geometry.frame.width, geometry.frame.height, fov);
    expect(worst(pose.rotation, one.framePose.rotation)).toBeLessThan(1e-6);
    expect(worst(pose.translation, one.framePose.translation)).toBeLessThan(1e-6);
  });

  it('D3 the golden pixels detect a mirrored pose, a missing rotation and a constant pose', () => {
    const planted = [
      { ...one, points: one.points.map(([x, y, z]): Point => [-x, y, z]) },
      { ...one, crop: { ...one.crop, angle: one.crop.angle + 0.05 } },
      { ...one, pose: new Array<number>(9).fill(0) },
    ];
    for (const fault of planted) {
      const wrong = cropCamera(fault.pose, fault.crop, convention);
      const flat = Float32Array.from(fault.points.flat());
      const pixels = projectPoints(wrong, origin, flat, new Float32Array(flat.length * (2 / 3)));
      expect(worst(pixels, one.framePoints.flat())).toBeGreaterThan(1);
    }
  });
});

describe('golden crop', () => {
  it('C1 the crop of 478 landmarks is the golden one, for every stride', () => {
    const { points, crop } = geometry.cropFromPoints;
    const names = ['centreX', 'centreY', 'side', 'angle'] as const;
    const numbers = (found: Crop) => names.map((name) => found[name]);
    const wanted = numbers(crop);
    expect(worst(numbers(cropFromPoints(points.flat(), 2)), wanted)).toBeLessThan(1e-9);
    const deep = points.flatMap(([x, y]) => [x, y, 55]);
    expect(worst(numbers(cropFromPoints(deep)), wanted)).toBeLessThan(1e-9);
    const mirrored = points.flatMap(([x, y]) => [-x, y]);
    expect(worst(numbers(cropFromPoints(mirrored, 2)), wanted)).toBeGreaterThan(1);
  });

  it.each(cropGolden.cases.map((one, i) => [i, one] as const))('C2 pixels of crop %i are the golden ones', (_, one) => {
    const out = resampleCrop(goldenPixels(), one.crop, new Float32Array(3 * 192 * 192));
    for (const [x, y, ...colour] of one.samples) {
      const found = [0, 1, 2].map((plane) => 255 * (out[plane * 192 * 192 + y * 192 + x] as number));
      expect(worst(found, colour)).toBeLessThan(0.02);
    }
  });
});

describe('golden light', () => {
  it('D4 nine harmonics per colour, base and gamma give the golden values', () => {
    const { light, normals, albedo, values } = geometry.light;
    normals.forEach((normal, i) => {
      const basis = sh9(...normal, new Float32Array(9));
      const shaded = [0, 1, 2].map((colour) => {
        const sum = basis.reduce(
          (total, y, k) => total + y * ((light[colour * 9 + k] as number) + (k === 0 ? 3.2 : 0)),
          0,
        );
        return Math.max(0, (albedo[i]?.[colour] as number) * sum) ** (1 / 2.2);
      });
      expect(worst(shaded, values[i] as Point)).toBeLessThan(1e-5);
    });
  });
});

function goldenPixels() {
  const { width, height, rgb } = cropGolden.image;
  const bytes = Buffer.from(rgb, 'base64');
  expect(bytes.length).toBe(width * height * 3);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(bytes.subarray(3 * i, 3 * i + 3), 4 * i);
  return { data, width, height };
}
