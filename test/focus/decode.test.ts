import { describe, expect, it } from 'vitest';
import { modelVertices, parseFaceModel } from '../../src/face/face-model';
import { projectPoints } from '../../src/face/projection';
import { type FaceMask, REGIONS } from '../../src/face/types';
import type { DecodedFace as Face } from '../../src/focus/decode';
import { createDecoder } from '../../src/focus/decode';
import type { NetworkOutput } from '../../src/focus/network-output';
import { createRegionVisibility } from '../../src/focus/visibility';
import { padMask } from '../../src/focus/wide-mask';
import { seededVector, tinyFaceModel } from '../face/tiny-face-model';
import { tinyManifest } from './tiny-bundle';

const model = parseFaceModel(tinyFaceModel());
const decoder = createDecoder(model, tinyManifest());
const crop = { centreX: 300, centreY: 220, side: 240, angle: 0.2 };
const CELLS = 96 * 96;

function output(seed: number, covered: (row: number, column: number) => boolean = () => false): NetworkOutput {
  const mask = Float32Array.from({ length: 2 * CELLS }, (_, i) =>
    i < CELLS && covered(Math.floor(i / 96), i % 96) ? 0.9 : 0.1,
  );
  return {
    identity: seededVector(seed, 80),
    expression: seededVector(seed + 1, 52, 0.5, 0.5),
    pose: seededVector(seed + 2, 9, 0.1),
    albedo: seededVector(seed + 3, 10),
    light: seededVector(seed + 4, 27),
    presence: Float32Array.of(0.75),
    mask,
  };
}

describe('decoder', () => {
  it('D7 its landmarks equal those of the whole mesh under the crop camera', () => {
    const out = output(20);
    const face = decoder.decode(out, crop, 640, 480);
    const vertices = modelVertices(model, out.identity, out.expression, new Float32Array(model.mean.length));
    const pixels = projectPoints(face.camera, model.origin, vertices, new Float32Array(model.vertexCount * 2));
    model.landmarks68.forEach((vertex, i) => {
      expect(face.landmarks68[2 * i]).toBeCloseTo(pixels[2 * vertex] as number, 2);
      expect(face.landmarks68[2 * i + 1]).toBeCloseTo(pixels[2 * vertex + 1] as number, 2);
    });
    expect(face.landmarks478).toHaveLength(478 * 3);
    expect(decoder.landmarkModel.newEvaluator().landmarks(face.coefficients, face.camera)).toEqual({
      landmarks68: face.landmarks68,
      landmarks478: face.landmarks478,
    });
  });

  it('D7 depth grows away from the viewer, 0 at the origin', () => {
    const out = {
      ...output(20),
      pose: new Float32Array(9),
      identity: new Float32Array(80),
      expression: new Float32Array(52),
    };
    const face = decoder.decode(out, crop, 640, 480);
    const scale = (0.8 * crop.side) / 192;
    const i = 100;
    const z = [0, 1, 2].reduce(
      (sum, k) => {
        const vertex = model.mediapipeTriangles[3 * i + k] as number;
        return sum + (model.mediapipeBarycentric[3 * i + k] as number) * (model.mean[3 * vertex + 2] as number);
      },
      model.mediapipeOffset[3 * i + 2] as number,
    );
    expect(face.landmarks478[3 * i + 2]).toBeCloseTo(-scale * (z - model.origin[2]), 2);
  });

  it('D8 expressions keep the network’s order, which is that of ARKit’s names', () => {
    const out = output(30);
    const { coefficients, presence } = decoder.decode(out, crop, 640, 480);
    expect(coefficients.expression).toEqual(out.expression);
    expect(presence).toBe(0.75);
  });

  it('D9 a face keeps no reference to the network output', () => {
    const out = output(40);
    const face = decoder.decode(out, crop, 640, 480);
    const before = structuredClone(face);
    for (const values of Object.values(out)) values.fill(0.3);
    decoder.decode(output(41), crop, 640, 480);
    expect(face).toEqual(before);
  });

  it('D10 a pose that does not move is distinguished from one that does', () => {
    const still = decoder.decode(output(50), crop, 640, 480);
    const frozen = { ...output(60), pose: output(50).pose };
    const moved = decoder.decode(output(60), crop, 640, 480);
    expect(decoder.decode(frozen, crop, 640, 480).camera).toEqual(still.camera);
    expect(moved.camera).not.toEqual(still.camera);
  });
});

describe('decoder with a landmark shift', () => {
  // Point 33, iBUG's 36, goes 4 mm to the head's right, whatever the face.
  const reduce = new Float32Array(138).fill(1, 137);
  const spread = new Float32Array(956).fill(4, 66, 67);
  const shifting = createDecoder(model, tinyManifest(), { rank: 1, reduce, spread });
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - (b[i] as number)));

  it('D13 shifts both sets of landmarks, also those of other coefficients, but not pose, camera and visibility', () => {
    const out = output(20);
    const [plain, shifted] = [decoder, shifting].map((one) => one.decode(out, crop, 640, 480)) as [Face, Face];
    expect(distance(shifted.landmarks68, plain.landmarks68)).toBeCloseTo(4 * plain.camera.scale, 2);
    expect(distance(shifted.landmarks478, plain.landmarks478)).toBeCloseTo(4 * plain.camera.scale, 2);
    const { landmarks68, landmarks478, ...rest } = shifted;
    expect(rest).toEqual(
      expect.objectContaining({ pose: plain.pose, camera: plain.camera, visibility: plain.visibility }),
    );
    expect(shifting.landmarkModel.newEvaluator().landmarks(shifted.coefficients, shifted.camera)).toEqual({
      landmarks68,
      landmarks478,
    });
  });
});

describe('visibility', () => {
  const straight = (covered: (row: number, column: number) => boolean) => {
    const pose = new Float32Array(9);
    const face = decoder.decode({ ...output(20, covered), pose }, { ...crop, angle: 0 }, 640, 480);
    return face.visibility;
  };

  it('V1 every region is 1 without a cover and 0 with a complete one', () => {
    const free = straight(() => false);
    const gone = straight(() => true);
    // On the test's sheet region k is row k; the last rows look away from the camera.
    for (const region of REGIONS.slice(2, 8)) {
      expect(free[region]).toBe(1);
      expect(gone[region]).toBe(0);
    }
  });

  it('V1 own hair hides nothing, and a wide mask hides what the crop’s mask in its middle hides', () => {
    const visibility = createRegionVisibility(model);
    const none = new Uint8Array(96 * 96);
    const full = none.map(() => 255);
    const { camera, coefficients } = decoder.decode({ ...output(20), pose: new Float32Array(9) }, crop, 640, 480);
    const of = (mask: FaceMask) => visibility(mask, coefficients, camera, crop);
    const hair = { width: 96, height: 96, extent: 1, occluder: none, skin: none, own: full };
    expect(of(hair)).toEqual(straight(() => false));
    const half = { ...hair, occluder: none.map((_, i) => (i % 96 < 48 ? 255 : 0)), own: none };
    expect(of(padMask(half, false))).toEqual(of(half));
    expect(of(half).mouth).toBeLessThan(0.7);
  });

  it('V2 a cover over half of a region hides that half', () => {
    const left = straight((_, column) => column < 48);
    expect(left.mouth).toBeGreaterThan(0.3);
    expect(left.mouth).toBeLessThan(0.7);
    const lower = straight((row) => row >= 48);
    expect(lower.browLeft).toBe(1);
    expect(lower.cheekLeft).toBe(0);
  });

  it('V3 a region turned away from the camera is not visible', () => {
    // Half a turn about y: columns (-1, 0, 0) and (0, 1, 0).
    const pose = Float32Array.of(-2, 0, 0, 0, 0, 0, 0, 0, 0);
    const { visibility } = decoder.decode({ ...output(20), pose }, crop, 640, 480);
    expect(REGIONS.slice(2, 8).map((region) => visibility[region])).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
