import { describe, expect, it } from 'vitest';
import { poseInFrame } from '../../src/face/projection';
import { angleBetween, logarithm } from '../../src/face/rotation';
import { EXPRESSION_NAMES, type ExpressionName } from '../../src/face/types';
import { createFaceSmoother } from '../../src/smoothing/smooth-face';
import { seeded, seededVector } from '../face/tiny-face-model';
import { LENS, sampleFace, sampleLandmarks, tellingLandmarks } from './sample-face';

const newSmoother = () => createFaceSmoother({ landmarks: sampleLandmarks });
const index = (name: ExpressionName) => EXPRESSION_NAMES.indexOf(name);
const spread = (values: number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

describe('smoothing a face', () => {
  it('S5 a still face has less than a third of the jitter', () => {
    const smoother = newSmoother();
    const random = seeded(9);
    const raw: number[][] = [];
    const smooth: number[][] = [];
    for (let i = 0; i < 240; i++) {
      const face = sampleFace({
        centre: [320 + random(), 240 + random()],
        scale: 1.2 * (1 + 0.005 * random()),
        turn: [0.01 * random(), 0.01 * random(), 0.01 * random()],
      });
      const out = smoother.smoothFace(face, i / 30);
      const numbers = ({ camera }: typeof face) => [camera.centre[0], camera.scale, logarithm(camera.rotation)[1]];
      if (i < 120) continue;
      raw.push(numbers(face));
      smooth.push(numbers(out));
    }
    for (const k of [0, 1, 2]) {
      const column = (rows: number[][]) => rows.map((row) => row[k] as number);
      expect(spread(column(smooth))).toBeLessThan(spread(column(raw)) / 3);
    }
  });

  it('S6 a fast face has a lag below 10 ms once it moves', () => {
    const smoother = newSmoother();
    let lag = 0;
    for (let i = 0; i < 60; i++) {
      // 300 mm and 1.5 rad a second.
      const x = 200 + (300 * 1.2 * i) / 30;
      const out = smoother.smoothFace(sampleFace({ centre: [x, 240], turn: [0, (1.5 * i) / 30 - 1, 0] }), i / 30);
      if (i < 6) continue;
      lag = Math.max(
        (x - out.camera.centre[0]) / (300 * 1.2),
        angleBetween(out.camera.rotation, sampleFace({ turn: [0, (1.5 * i) / 30 - 1, 0] }).camera.rotation) / 1.5,
      );
    }
    expect(lag).toBeLessThan(0.01);
  });

  it('S7 eyelids close within one frame, and open again', () => {
    const smoother = newSmoother();
    const lids = (shut: number, time: number) => {
      const expression = new Float32Array(52);
      expression[index('eyeBlinkLeft')] = shut;
      return smoother.smoothFace(sampleFace({ expression }), time).coefficients.expression[index('eyeBlinkLeft')];
    };
    for (let i = 0; i < 30; i++) lids(0, i / 30);
    expect(lids(0.9, 1)).toBeGreaterThan(0.8);
    lids(0.9, 31 / 30);
    expect(lids(0, 32 / 30)).toBeLessThan(0.2);
  });

  it('S8 a covered face does not update the person’s identity', () => {
    const learn = (visible: number) => {
      const smoother = newSmoother();
      smoother.smoothFace(sampleFace(), 0);
      return smoother.smoothFace(sampleFace({ identity: new Float32Array(80).fill(0.3), visible }), 0.03).coefficients
        .identity[0] as number;
    };
    expect(learn(1)).toBeGreaterThan(0.1);
    expect(learn(0.3)).toBe(0);
  });

  it('S9 points and pose agree with the smoothed camera and coefficients', () => {
    const smoother = newSmoother();
    let out = sampleFace();
    for (let i = 0; i < 10; i++) {
      const expression = seededVector(100 + i, 52, 0.5, 0.5);
      out = smoother.smoothFace(
        sampleFace({ centre: [300 + 3 * i, 240 - i], scale: 1 + i / 50, turn: [0, i / 20, 0], expression }),
        i / 30,
      );
    }
    expect(out.landmarks68).toEqual(tellingLandmarks(out.coefficients, out.camera).landmarks68);
    expect(out.landmarks68[0]).toBeCloseTo(out.camera.centre[0], 3);
    const wanted = poseInFrame(out.camera, LENS);
    expect(angleBetween(out.pose.rotation, wanted.rotation)).toBeLessThan(0.01);
    out.pose.translation.forEach((value, axis) => {
      expect(Math.abs(value - (wanted.translation[axis] as number))).toBeLessThan(0.01);
    });
  });

  it('S10 the first frame of a face passes unchanged, also after it was lost', () => {
    const smoother = newSmoother();
    const first = sampleFace({ state: 'found', expression: seededVector(1, 52, 0.5, 0.5) });
    expect(smoother.smoothFace(first, 0).coefficients.expression).toEqual(first.coefficients.expression);
    for (let i = 1; i < 10; i++) smoother.smoothFace(sampleFace(), i / 30);
    const again = sampleFace({ state: 'found', centre: [50, 60], scale: 3 });
    const out = smoother.smoothFace(again, 5);
    expect(out.camera).toEqual({
      ...again.camera,
      scale: expect.closeTo(3, 12),
      centre: [expect.closeTo(50), expect.closeTo(60)],
    });
  });

  it('S3 a face refuses an equal time', () => {
    const smoother = newSmoother();
    smoother.smoothFace(sampleFace(), 2);
    expect(() => smoother.smoothFace(sampleFace(), 2)).toThrow(RangeError);
  });
});
