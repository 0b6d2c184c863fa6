import { describe, expect, it } from 'vitest';
import { exponential, IDENTITY } from '../../../src/face/rotation';
import type { Face, Quaternion } from '../../../src/face/types';
import { BELOW, FIELD, studioBelow, studioDistance, studioEyes, studioPlace } from '../../../src/render/avatar/studio';
import { fitFrame, frameBox, placeFrame } from '../../../src/render/view/view';

const CANVAS = { width: 960, height: 720 };

function pose(rotation: Quaternion = IDENTITY, offset: readonly [number, number, number] = [0, 0, 0]) {
  return { expression: new Float32Array(52), rotation, offset, presence: 1 };
}

/** A face whose eyes lie at this pixel, 2 frame pixels a millimetre. */
function face(x: number, y: number): Face {
  const landmarks478 = new Float32Array(3 * 478);
  for (let i = 0; i < 478; i++) landmarks478.set([x, y, 0], 3 * i);
  return { camera: { rotation: IDENTITY, centre: [x, y], scale: 2, distance: 800 }, landmarks478 } as unknown as Face;
}

describe('studio', () => {
  it('AV14 lays the frame so that the face comes to the middle at a usual size, mirrored too', () => {
    const place = studioPlace(face(100, 80), pose(), CANVAS);
    for (const mirror of [false, true]) {
      const { scaleX, scaleY, offsetX, offsetY } = placeFrame(CANVAS, mirror, place);
      expect(100 * scaleX + offsetX).toBeCloseTo(0);
      const up = ((80 * scaleY + offsetY) * CANVAS.height) / 2;
      // Canvas pixels above the middle: what BELOW is at two frame pixels a millimetre.
      expect(up).toBeCloseTo(BELOW * 2 * place.zoom, 3);
      expect(Math.sign(scaleX)).toBe(mirror ? -1 : 1);
    }
  });

  it('AV14 steps back for a narrow picture', () => {
    expect(studioDistance({ width: 300, height: 720 })).toBeGreaterThan(1.5 * studioDistance(CANVAS));
    expect(studioDistance({ width: 1920, height: 720 })).toBe(studioDistance(CANVAS));
  });

  it('AV14 in a tall picture the lower end of a bust is at the edge, and the head stays in the picture', () => {
    expect(studioBelow(CANVAS, Number.POSITIVE_INFINITY)).toBe(BELOW);
    for (const height of [640, 844, 1200]) {
      const canvas = { width: 390, height };
      const half = studioDistance(canvas) * Math.tan(FIELD / 2);
      const below = studioBelow(canvas, 180);
      expect(-below - half).toBeGreaterThan(-180);
      expect(Math.abs(below)).toBeLessThan(half);
    }
  });

  it('AV14 goes along with the person a little: eyes turn about the neck, and sway no further than some way', () => {
    expect(studioEyes(pose())).toEqual([0, 0, 0]);
    const [x, , z] = studioEyes(pose(exponential([0, 0.5, 0])));
    expect(x).toBeGreaterThan(20);
    expect(z).toBeLessThan(0);
    const [swayed] = studioEyes(pose(IDENTITY, [40, 0, 0]));
    const [far] = studioEyes(pose(IDENTITY, [4000, 0, 0]));
    expect(swayed).toBeGreaterThan(5);
    expect(far).toBeLessThan(60);
  });

  it('TK1 finds the frame’s part of the canvas', () => {
    const frame = { width: 640, height: 480 };
    const wide = { width: 1280, height: 480 };
    const box = { x: 320, y: 0, width: 640, height: 480 };
    expect(frameBox(fitFrame(wide, frame, 'contain', false), frame, wide)).toEqual(box);
    expect(frameBox(fitFrame(wide, frame, 'contain', true), frame, wide)).toEqual(box);
    expect(frameBox(fitFrame(wide, frame, 'cover', false), frame, wide)).toEqual({ x: 0, y: 0, ...wide });
  });
});
