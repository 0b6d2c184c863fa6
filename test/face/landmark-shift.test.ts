import { describe, expect, it } from 'vitest';
import { createLandmarkShifter, type LandmarkShift, parseLandmarkShift } from '../../src/face/landmark-shift';
import { aboutZ, multiply } from '../../src/face/rotation';
import type { CropCamera, Quaternion } from '../../src/face/types';
import { encodeHalf, seededVector } from './tiny-face-model';

const INPUTS = 138;
const NUMBERS = 956;
const UPRIGHT: Quaternion = [0, 0, 0, 1];
const camera = (rotation: Quaternion, scale = 2): CropCamera => ({
  rotation,
  centre: [300, 200],
  scale,
  distance: 800,
});
const face = { identity: new Float32Array(80), expression: new Float32Array(52) };

/** The file of a shift of rank 1 that reads one input and moves point 33 by (3, 1) and point 200 by (0, 2) mm. */
function oneShift(input: number): LandmarkShift {
  const reduce = new Float32Array(INPUTS);
  const spread = new Float32Array(NUMBERS);
  reduce[input] = 1;
  spread.set([3, 1], 2 * 33);
  spread.set([0, 2], 2 * 200);
  return parseLandmarkShift(fileOf(reduce, spread), 1);
}

function fileOf(reduce: Float32Array, spread: Float32Array): ArrayBuffer {
  return Uint16Array.from([...encodeHalf(reduce), ...encodeHalf(spread)]).buffer;
}

function moved(shift: LandmarkShift, rotation: Quaternion, of = face) {
  const landmarks68 = new Float32Array(68 * 2);
  const landmarks478 = new Float32Array(478 * 3);
  createLandmarkShifter(shift)(of, camera(rotation), landmarks68, landmarks478);
  return { landmarks68, landmarks478 };
}

const at = (points: Float32Array, i: number, stride: number) => [points[stride * i], points[stride * i + 1]];
const ALWAYS = INPUTS - 1;

describe('landmark shift', () => {
  it('M6 shifts right and up for an upright head, in millimetres times the scale', () => {
    const { landmarks68, landmarks478 } = moved(oneShift(ALWAYS), UPRIGHT);
    expect(at(landmarks478, 33, 3)).toEqual([6, -2]);
    expect(at(landmarks478, 200, 3)).toEqual([0, -4]);
    // iBUG's 36 is MediaPipe's 33; 200 is none of iBUG's.
    expect(at(landmarks68, 36, 2)).toEqual([6, -2]);
    expect([...landmarks68, ...landmarks478].filter((value) => value !== 0)).toHaveLength(2 + 1 + 2);
  });

  it('M6 rotates with the head', () => {
    // A quarter turn counter-clockwise: up points left in the picture, right points up.
    const { landmarks478 } = moved(oneShift(ALWAYS), aboutZ(Math.PI / 2));
    expect(landmarks478[3 * 33]).toBeCloseTo(-2, 5);
    expect(landmarks478[3 * 33 + 1]).toBeCloseTo(-6, 5);
    const tilted = multiply(aboutZ(0.7), [0, Math.sin(0.2), 0, Math.cos(0.2)]);
    const level: Quaternion = [0, Math.sin(0.2), 0, Math.cos(0.2)];
    const length = (rotation: Quaternion) => Math.hypot(...moved(oneShift(132), rotation).landmarks478);
    expect(length(tilted)).toBeCloseTo(length(level), 5);
    expect(length(level)).toBeGreaterThan(1);
  });

  it('M6 depends on identity, expression and the direction to the camera', () => {
    const shapes = {
      identity: new Float32Array(80).fill(0.5, 3, 4),
      expression: new Float32Array(52).fill(0.25, 7, 8),
    };
    expect(at(moved(oneShift(3), UPRIGHT, shapes).landmarks478, 33, 3)).toEqual([3, -1]);
    expect(at(moved(oneShift(80 + 7), UPRIGHT, shapes).landmarks478, 33, 3)).toEqual([1.5, -0.5]);
    const nodding: Quaternion = [Math.sin(0.3), 0, 0, Math.cos(0.3)];
    const [x, y] = at(moved(oneShift(133), nodding).landmarks478, 33, 3);
    expect(x).toBeCloseTo(6 * Math.sin(0.6), 5);
    expect(y).toBeCloseTo(-2 * Math.sin(0.6), 5);
    expect(moved(oneShift(136), nodding).landmarks478[3 * 33]).toBeCloseTo(6 * Math.sin(0.6) ** 2, 5);
    expect(moved(oneShift(132), nodding).landmarks478[3 * 33]).toBeCloseTo(0, 5);
  });

  it('M6 does not move the contour of the 68 landmarks', () => {
    const reduce = new Float32Array(INPUTS).fill(1, ALWAYS);
    const spread = new Float32Array(NUMBERS).fill(1);
    const { landmarks68 } = moved(parseLandmarkShift(fileOf(reduce, spread), 1), UPRIGHT);
    expect(landmarks68.subarray(0, 34).every((value) => value === 0)).toBe(true);
    expect(landmarks68.subarray(34).every((value, i) => value === (i % 2 === 0 ? 2 : -2))).toBe(true);
  });

  it('M6 ranks are summed, and depth does not change', () => {
    const reduce = seededVector(1, 2 * INPUTS);
    const spread = seededVector(2, 2 * NUMBERS);
    const part = (k: number) =>
      parseLandmarkShift(
        fileOf(reduce.slice(k * INPUTS, (k + 1) * INPUTS), spread.slice(k * NUMBERS, (k + 1) * NUMBERS)),
        1,
      );
    const both = moved(parseLandmarkShift(fileOf(reduce, spread), 2), UPRIGHT).landmarks478;
    const [one, two] = [moved(part(0), UPRIGHT).landmarks478, moved(part(1), UPRIGHT).landmarks478];
    for (let i = 0; i < both.length; i++) {
      expect(both[i]).toBeCloseTo((one[i] as number) + (two[i] as number), 4);
      if (i % 3 === 2) expect(both[i]).toBe(0);
    }
  });

  it('M6 refuses a file of another size or with a value that is not finite', () => {
    const bytes = fileOf(new Float32Array(INPUTS), new Float32Array(NUMBERS));
    expect(() => parseLandmarkShift(bytes.slice(2), 1)).toThrow(/bytes instead of/);
    expect(() => parseLandmarkShift(bytes, 2)).toThrow(RangeError);
    new Uint16Array(bytes)[5] = 0x7c00;
    expect(() => parseLandmarkShift(bytes, 1)).toThrow(/not finite/);
  });
});
