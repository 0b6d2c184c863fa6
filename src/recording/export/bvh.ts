import { toMatrix } from '../../face/rotation';
import { type FaceTrack, rotationAt, translationAt } from './face-track';
import { meanRate, resample } from './resample';

const DEGREES = 180 / Math.PI;
/** Seconds by which a time may differ from that of an even rate. BVH has one frame time for all frames. */
const TOLERANCE = 1e-4;

/**
 * The head as BVH: one joint with position (centimetres) and rotation (degrees, order Z, X, Y), x to the subject's left, y
 * up, z to the viewer. The frames are evenly spaced: a track of uneven times is resampled to its mean rate.
 */
export function* bvh(track: FaceTrack): Generator<string, void, undefined> {
  const rate = meanRate(track);
  const even = isEven(track, rate) ? track : resample(track, rate);
  yield 'HIERARCHY\nROOT Head\n{\n  OFFSET 0 0 0\n';
  yield '  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n';
  yield '  End Site\n  {\n    OFFSET 0 10 0\n  }\n}\n';
  yield `MOTION\nFrames: ${even.times.length}\nFrame Time: ${(1 / rate).toFixed(8)}\n`;
  for (let i = 0; i < even.times.length; i++) {
    const position = translationAt(even, i).map((value) => (value / 10).toFixed(4));
    const rotation = eulerZxy(even, i).map((value) => value.toFixed(5));
    yield `${[...position, ...rotation].join(' ')}\n`;
  }
}

function isEven({ times }: FaceTrack, rate: number): boolean {
  return times.every((time, i) => Math.abs(time - i / rate) < TOLERANCE);
}

/** Degrees about z, x and y with R = Rz · Rx · Ry. */
function eulerZxy(track: FaceTrack, i: number): [number, number, number] {
  const [, m01, , , m11, , m20, m21, m22] = toMatrix(rotationAt(track, i));
  const x = Math.asin(Math.min(1, Math.max(-1, m21)));
  return [Math.atan2(-m01, m11) * DEGREES, x * DEGREES, Math.atan2(-m20, m22) * DEGREES];
}
