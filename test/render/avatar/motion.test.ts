import { describe, expect, it } from 'vitest';
import { angleBetween, exponential, IDENTITY } from '../../../src/face/rotation';
import { EXPRESSION_NAMES, type Face } from '../../../src/face/types';
import { AvatarMotion } from '../../../src/render/avatar/motion';

const JAW = EXPRESSION_NAMES.indexOf('jawOpen');
const TURN = exponential([0, 0.6, 0]);

function face(jawOpen: number, state: Face['state'] = 'tracked'): Face {
  const expression = new Float32Array(EXPRESSION_NAMES.length);
  expression[JAW] = jawOpen;
  return {
    id: 1,
    state,
    camera: { rotation: TURN, centre: [320, 240], scale: 1, distance: 800 },
    pose: { rotation: TURN, translation: [0, 0, -600] },
    // Avatars move from the resting face; the picture's own numbers say something else.
    coefficients: { expression: expression.map((value) => 1 - value) },
    expressionValues: expression,
  } as unknown as Face;
}

/** Steps from `from` to `to` seconds, 25 a second; the largest change of the jaw between two steps. */
function run(motion: AvatarMotion, seen: Face | undefined, from: number, to: number): number {
  let before = motion.step(seen, from).expression[JAW] ?? 0;
  let most = 0;
  for (let time = from + 0.04; time < to; time += 0.04) {
    const now = motion.step(seen ? { ...seen } : undefined, time).expression[JAW] ?? 0;
    most = Math.max(most, Math.abs(now - before));
    before = now;
  }
  return most;
}

describe('avatar motion', () => {
  it('AV10 takes the first face as it is, and follows without delay', () => {
    const motion = new AvatarMotion();
    const pose = motion.step(face(0.7), 1);
    expect(pose.expression[JAW]).toBeCloseTo(0.7);
    expect(angleBetween(pose.rotation, TURN)).toBeLessThan(1e-4);
    expect(pose.presence).toBe(1);
    expect(motion.step(face(0.2), 1.04).expression[JAW]).toBeCloseTo(0.2);
  });

  it('AV10 takes another picture’s face as it is, and the same one again changes nothing', () => {
    const motion = new AvatarMotion();
    const seen = face(0.7);
    motion.step(seen, 0);
    expect(motion.step(seen, 0).expression[JAW]).toBeCloseTo(0.7);
    expect(motion.step(face(0.1), 0).expression[JAW]).toBeCloseTo(0.1);
  });

  it('AV11 waits for a lost face, then comes to rest smoothly', () => {
    const motion = new AvatarMotion();
    run(motion, face(0.8), 0, 1);
    expect(motion.step(undefined, 1.1).expression[JAW]).toBeCloseTo(0.8);
    expect(run(motion, undefined, 1.14, 4)).toBeLessThan(0.1);
    const rest = motion.step(undefined, 4);
    expect(rest.expression[JAW]).toBeLessThan(0.01);
    expect(angleBetween(rest.rotation, IDENTITY)).toBeLessThan(0.01);
    expect(rest.presence).toBe(0);
  });

  it('AV11 comes to rest on a held face as well, and fades out before the hold ends', () => {
    const motion = new AvatarMotion();
    motion.step(face(0.8), 0);
    run(motion, face(0.8, 'held'), 0.04, 0.68);
    expect(motion.step(face(0.8, 'held'), 0.68).presence).toBe(1);
    run(motion, face(0.8, 'held'), 0.72, 0.84);
    expect(motion.step(face(0.8, 'held'), 0.85).presence).toBeCloseTo(0.5);
    run(motion, face(0.8, 'held'), 0.88, 4);
    const rest = motion.step(face(0.8, 'held'), 4);
    expect(rest.expression[JAW]).toBeLessThan(0.01);
    expect(rest.presence).toBe(0);
  });

  it('AV11 fades in frame time, also at one frame per second', () => {
    const motion = new AvatarMotion();
    motion.step(face(0.8), 0);
    expect(motion.step(face(0.8, 'held'), 1).presence).toBe(0);
    const found = motion.step(face(0.3), 2);
    expect(found.presence).toBeCloseTo(1);
    expect(found.expression[JAW]).toBeCloseTo(0.3);
  });

  it('AV10 takes the face as it is where the source restarted', () => {
    const motion = new AvatarMotion();
    run(motion, face(0.8), 5, 6);
    run(motion, face(0.8, 'held'), 6, 7);
    const again = motion.step(face(0.2), 0);
    expect(again.expression[JAW]).toBeCloseTo(0.2);
    expect(again.presence).toBe(1);
  });

  it('AV11 goes back onto a face that is found again without a jump, within half a second', () => {
    const motion = new AvatarMotion();
    run(motion, face(0.8), 0, 1);
    run(motion, undefined, 1, 4);
    expect(run(motion, face(0.8), 4, 4.6)).toBeLessThan(0.35);
    expect(motion.step(face(0.8), 4.64).expression[JAW]).toBeCloseTo(0.8);
  });
});
