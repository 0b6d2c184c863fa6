import { faceOf } from '../../src/face/expression';
import { EXPRESSION_NAMES, type Face, REGIONS } from '../../src/face/types';

/** A face whose expressions are i / 100, with some pose. */
export function someFace(state: Face['state'] = 'tracked'): Face {
  const cells = () => new Uint8Array(1);
  return faceOf({
    id: 0,
    state,
    presence: 1,
    pose: { rotation: [0, Math.sin(-0.1), 0, Math.cos(-0.1)], translation: [10, 20, -600] },
    camera: { rotation: [0, 0, 0, 1], centre: [0, 0], scale: 1, distance: 800 },
    coefficients: {
      identity: new Float32Array(80),
      expression: Float32Array.from(EXPRESSION_NAMES, (_, i) => i / 100),
      albedo: new Float32Array(10),
      light: new Float32Array(27),
    },
    landmarks68: new Float32Array(136),
    landmarks478: new Float32Array(478 * 3),
    visibility: Object.fromEntries(REGIONS.map((name) => [name, 1])) as Face['visibility'],
    mask: { width: 1, height: 1, extent: 1, occluder: cells(), skin: cells(), own: cells() },
    crop: { centreX: 10, centreY: 10, side: 20, angle: 0 },
  });
}
