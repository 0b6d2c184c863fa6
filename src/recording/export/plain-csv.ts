import { eyeAngles, headAngles } from '../../face/angles';
import { at, float64At } from '../../face/at';
import { EXPRESSION_NAMES, REGIONS } from '../../face/types';
import { expressionAt, type FaceTrack, rotationAt, translationAt, visibilityAt } from './face-track';

const DEGREES = 180 / Math.PI;
const ANGLES = [
  'headYaw',
  'headPitch',
  'headRoll',
  'leftEyeYaw',
  'leftEyePitch',
  'rightEyeYaw',
  'rightEyePitch',
] as const;

export const PLAIN_COLUMNS: readonly string[] = [
  'time',
  'seen',
  ...EXPRESSION_NAMES,
  ...ANGLES,
  ...['x', 'y', 'z', 'w'].map((axis) => `headRotation_${axis}`),
  ...['x', 'y', 'z'].map((axis) => `headPosition_${axis}`),
  ...REGIONS.map((region) => `visibility_${region}`),
];

/** A table with a row for each sample: seconds, 0 to 1, degrees, millimetres. */
export function* plainCsv(track: FaceTrack): Generator<string, void, undefined> {
  yield `${PLAIN_COLUMNS.join(',')}\n`;
  for (let i = 0; i < track.times.length; i++) {
    const expression = expressionAt(track, i);
    const rotation = rotationAt(track, i);
    const head = headAngles(rotation);
    const [left, right] = [eyeAngles(expression, 'Left'), eyeAngles(expression, 'Right')];
    const angles = [head.yaw, head.pitch, head.roll, left.yaw, left.pitch, right.yaw, right.pitch];
    const row = [
      float64At(track.times, i).toFixed(6),
      at(track.seen, i),
      ...decimals(expression, 4),
      ...decimals(
        angles.map((angle) => angle * DEGREES),
        3,
      ),
      ...decimals(rotation, 6),
      ...decimals(translationAt(track, i), 2),
      ...decimals(visibilityAt(track, i), 4),
    ];
    yield `${row.join(',')}\n`;
  }
}

function decimals(values: ArrayLike<number>, digits: number): string[] {
  return Array.from(values, (value) => value.toFixed(digits));
}
