import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { headAngles, turnOf } from '../../../src/face/angles';
import { conjugate, multiply, toMatrix } from '../../../src/face/rotation';
import { EXPRESSION_NAMES } from '../../../src/face/types';
import { expressionAt, listFaces, rotationAt } from '../../../src/recording/export/face-track';
import { meanRate, RATES, resample } from '../../../src/recording/export/resample';
import { someFrames, someTrack, streamed } from './some-track';

interface Golden {
  readonly tolerance: number;
  readonly head: { rotation: [number, number, number, number]; angles: [number, number, number] }[];
  readonly expression: number[];
  readonly restingFace: number[];
  readonly relative: number[];
}
const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/export.json', import.meta.url), 'utf8'));

describe('golden values', () => {
  it('EX13 the angles of a head are those that Python computes', () => {
    for (const { rotation, angles } of golden.head) {
      const { yaw, pitch, roll } = headAngles(rotation);
      for (const [i, value] of [yaw, pitch, roll].entries()) {
        expect(Math.abs(value - (angles[i] ?? Number.NaN))).toBeLessThan(golden.tolerance);
      }
    }
  });

  it('EX13 expressions relative to a resting face are those that Python computes', async () => {
    const byName = Object.fromEntries(EXPRESSION_NAMES.map((name, i) => [name, golden.expression[i] ?? 0]));
    const frames = someFrames(1).map((frame) => ({
      ...frame,
      faces: frame.faces.map((face) => ({
        ...face,
        coefficients: { ...face.coefficients, expression: byName as typeof face.coefficients.expression },
      })),
    }));
    const track = await someTrack(frames, { restingFace: golden.restingFace });
    for (const [i, value] of expressionAt(track, 0).entries()) {
      expect(Math.abs(value - (golden.relative[i] ?? Number.NaN))).toBeLessThan(golden.tolerance);
    }
  });
});

describe('readTrack', () => {
  it('EX1 has every frame of the face at its own time, from 0 on', async () => {
    const frames = someFrames();
    const track = await someTrack(frames);
    expect([...track.times].map((time) => time + 2)).toEqual(
      frames.map(({ time }) => expect.closeTo(time, 9) as unknown as number),
    );
    expect(expressionAt(track, 7)[17]).toBeCloseTo(
      frames[7]?.faces[0]?.coefficients.expression.jawOpen ?? Number.NaN,
      6,
    );
    expect([...track.seen].every((seen) => seen === 1)).toBe(true);
  });

  it('EX1 keeps the values of a face that is not listed, with visibility 0, up to its last frame', async () => {
    const frames = someFrames(10).map((frame, i) => ([3, 4, 8, 9].includes(i) ? { ...frame, faces: [] } : frame));
    const track = await someTrack(frames);
    expect([...track.seen]).toEqual([1, 1, 1, 0, 0, 1, 1, 1]);
    expect([...expressionAt(track, 4)]).toEqual([...expressionAt(track, 2)]);
    expect([...track.visibility.slice(40, 50)]).toEqual(new Array(10).fill(0));
  });

  it('EX2 subtracts the resting face from the expressions as the page does', async () => {
    const restingFace = EXPRESSION_NAMES.map((_, i) => (i % 5) / 10);
    const [measured, relative] = [await someTrack(), await someTrack(undefined, { restingFace })];
    for (const i of [0, 3, 17, 51]) {
      const value = expressionAt(measured, 5)[i] ?? Number.NaN;
      const rest = restingFace[i] ?? 0;
      expect(expressionAt(relative, 5)[i]).toBeCloseTo(Math.max(0, (value - rest) / (1 - rest)), 6);
    }
  });

  it('EX3 raw exports the values before smoothing where the recording has them', async () => {
    const frames = someFrames(5);
    const raw = frames.map((frame) => ({
      ...frame,
      faces: frame.faces.map((face) => {
        const { camera, pose, coefficients } = face;
        const expression = { ...coefficients.expression, jawOpen: 0.25 };
        return {
          ...face,
          raw: { expression, camera, pose: { ...pose, translation: [1, 2, 3] as [number, number, number] } },
        };
      }),
    }));
    const track = await someTrack(raw, { values: 'raw' });
    expect(expressionAt(track, 2)[17]).toBe(0.25);
    expect([...track.translation.slice(0, 3)]).toEqual([1, 2, 3]);
    expect(expressionAt(await someTrack(raw), 2)[17]).not.toBe(0.25);
  });

  it('EX4 lists the faces, and rejects one that is not in the recording', async () => {
    const faces = await listFaces(streamed(someFrames(6)));
    expect(faces).toMatchObject([{ id: 4, frames: 6, start: 2 }]);
    await expect(someTrack(someFrames(3).map((frame) => ({ ...frame, faces: [] })))).rejects.toThrow(
      'choose another face',
    );
  });
});

describe('resample', () => {
  it('EX5 gives even times, and values between the neighbours', async () => {
    const track = await someTrack();
    for (const rate of RATES) {
      const even = resample(track, rate);
      const end = track.times.at(-1) ?? 0;
      expect(even.times.length).toBe(Math.floor(end * rate + 1e-6) + 1);
      expect(even.times.at(-1)).toBeLessThanOrEqual(end + 1e-6);
      expect(even.times[5]).toBeCloseTo(5 / rate, 9);
      expect(Math.hypot(...rotationAt(even, 9))).toBeCloseTo(1, 6);
    }
    const same = resample(await someTrack(someFrames(1)), 30);
    expect(same.times.length).toBe(1);
    expect(meanRate(track)).toBeCloseTo(30, 0);
    // One value per sample instead of three: the time itself.
    const linear = resample({ ...track, translation: Float32Array.from(track.times) }, 60);
    expect(linear.translation[50]).toBeCloseTo(50 / 60, 5);
  });
});

describe('headAngles', () => {
  it('EX6 turns right, down and to the left shoulder for positive angles', () => {
    const half = 0.1;
    const turned = (axis: 0 | 1 | 2, sign: number) => {
      const q: [number, number, number, number] = [0, 0, 0, Math.cos(half)];
      q[axis] = sign * Math.sin(half);
      return headAngles(q);
    };
    // The forward axis z moves to −x, the subject's right, for a negative turn about y.
    expect(toMatrix([0, -Math.sin(half), 0, Math.cos(half)])[2]).toBeLessThan(0);
    expect(turned(1, -1)).toMatchObject({ yaw: expect.closeTo(0.2, 9), pitch: expect.closeTo(0, 9) });
    // It moves to −y for a positive turn about x.
    expect(toMatrix([Math.sin(half), 0, 0, Math.cos(half)])[5]).toBeLessThan(0);
    expect(turned(0, 1).pitch).toBeCloseTo(0.2, 9);
    expect(turned(2, -1).roll).toBeCloseTo(0.2, 9);
  });

  it('EX6 is the inverse of turnOf for yaw and pitch', () => {
    const angles = { yaw: 0.4, pitch: -0.3, roll: 0 };
    const found = headAngles(turnOf(angles));
    expect(found.yaw).toBeCloseTo(0.4, 9);
    expect(found.pitch).toBeCloseTo(-0.3, 9);
    expect(found.roll).toBeCloseTo(0, 9);
    const q = turnOf(angles);
    expect(multiply(q, conjugate(q))[3]).toBeCloseTo(1, 9);
  });
});
