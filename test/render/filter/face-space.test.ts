import { readFileSync } from 'node:fs';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { Scene } from '@babylonjs/core/scene';
import { describe, expect, it } from 'vitest';
import { parseFaceModel } from '../../../src/face/face-model';
import { exponential, toMatrix } from '../../../src/face/rotation';
import type { CropCamera } from '../../../src/face/types';
import { FaceAnchors } from '../../../src/render/filter/face-anchors';
import { FaceShape } from '../../../src/render/mesh/face-shape';
import { cropLens, cropProjection } from '../../../src/render/view/crop-projection';
import { fitFrame } from '../../../src/render/view/view';

const CAMERA: CropCamera = { rotation: exponential([0.2, -0.5, 0.3]), centre: [410, 190], scale: 1.3, distance: 800 };
const ORIGIN = [0, 1.5, 97.8] as const;
const POINTS = [
  [0, 0, 130],
  [-70, 12, 50],
  [40, 110, 20],
  [77, -90, -60],
] as const;

/** Column-major 4 × 4 times a point, as clip coordinates divided by w. */
function project(matrix: Float32Array, [x, y, z]: readonly [number, number, number]): number[] {
  const row = (r: number) =>
    (matrix[r] ?? 0) * x + (matrix[4 + r] ?? 0) * y + (matrix[8 + r] ?? 0) * z + (matrix[12 + r] ?? 0);
  return [0, 1, 2].map((r) => row(r) / row(3));
}

describe('cropLens', () => {
  it.each([
    ['half', false],
    ['full', false],
    ['full', true],
  ] as const)('FL6 with the head’s rotation it is the crop’s projection, depth %s, mirrored %s', (range, mirror) => {
    const view = fitFrame({ width: 900, height: 700 }, { width: 640, height: 480 }, 'cover', mirror);
    const whole = cropProjection(CAMERA, ORIGIN, 520, view, range, new Float32Array(16));
    const lens = cropLens(CAMERA, 520, view, range, new Float32Array(16));
    const rows = toMatrix(CAMERA.rotation);
    for (const point of POINTS) {
      const [x, y, z] = point.map((value, i) => value - (ORIGIN[i] ?? 0)) as [number, number, number];
      const turned = [0, 3, 6].map((r) => (rows[r] ?? 0) * x + (rows[r + 1] ?? 0) * y + (rows[r + 2] ?? 0) * z);
      const seen = project(lens, [turned[0] ?? 0, turned[1] ?? 0, (turned[2] ?? 0) - CAMERA.distance]);
      const wanted = project(whole, point);
      seen.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i] ?? 0, 5);
      });
    }
  });
});

describe('FaceAnchors', () => {
  const model = parseFaceModel(Uint8Array.from(readFileSync('public/models/peekaboo/face-model.bin')).buffer);
  const scene = new Scene(new NullEngine());
  const anchors = new FaceAnchors(scene, new TransformNode('head', scene), model);
  const shape = new FaceShape(model);
  const follow = (expression: Float32Array) => {
    const nothing = { identity: new Float32Array(80), albedo: new Float32Array(10), light: new Float32Array(27) };
    anchors.setShape(shape.setCoefficients({ ...nothing, expression }, false));
    return anchors.nodes;
  };

  it('FL7 they lie where their names say, left on the subject’s left', () => {
    const { noseTip, noseBridge, chin, crown, forehead, earLeft, earRight, browLeft, browRight, cheekLeft } = follow(
      new Float32Array(52),
    );
    expect(noseTip.position.z).toBeGreaterThan(noseBridge.position.z);
    expect(crown.position.y).toBeGreaterThan(forehead.position.y + 30);
    expect(crown.position.z).toBeLessThan(forehead.position.z - 60);
    expect(chin.position.y).toBeLessThan(noseTip.position.y - 50);
    expect(earLeft.position.x).toBeCloseTo(-earRight.position.x, 0);
    expect(earLeft.position.x).toBeGreaterThan(65);
    expect(browLeft.position.x).toBeGreaterThan(20);
    expect(browRight.position.x).toBeLessThan(-20);
    expect(cheekLeft.position.x).toBeGreaterThan(30);
  });

  it('FL7 they move with the mesh, and z points away from the skin', () => {
    const before = follow(new Float32Array(52)).chin.position.clone();
    const open = new Float32Array(52).fill(1, 17, 18);
    const { chin, noseTip, cheekLeft } = follow(open);
    expect(before.y - chin.position.y).toBeGreaterThan(8);
    const away = ({ rotationQuaternion }: TransformNode) =>
      new Vector3(0, 0, 1).applyRotationQuaternion(rotationQuaternion ?? Quaternion.Identity());
    expect(away(noseTip).z).toBeGreaterThan(0.8);
    expect(away(cheekLeft).x).toBeGreaterThan(0.2);
  });
});
