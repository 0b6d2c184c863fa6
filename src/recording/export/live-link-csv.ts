import { type Angles, eyeAngles, headAngles } from '../../face/angles';
import { float32At, float64At } from '../../face/at';
import { EXPRESSION_NAMES, type ExpressionName, type Seconds } from '../../face/types';
import { expressionAt, type FaceTrack, rotationAt } from './face-track';

/** The file has these two pairs in another order than ARKit. */
const ORDER: readonly ExpressionName[] = EXPRESSION_NAMES.map((name) => {
  const swapped: Partial<Record<ExpressionName, ExpressionName>> = {
    jawLeft: 'jawRight',
    jawRight: 'jawLeft',
    mouthLeft: 'mouthRight',
    mouthRight: 'mouthLeft',
  };
  return swapped[name] ?? name;
});
const INDICES = ORDER.map((name) => EXPRESSION_NAMES.indexOf(name));

const PARTS = ['Head', 'LeftEye', 'RightEye'];
export const LIVE_LINK_COLUMNS: readonly string[] = [
  'Timecode',
  'BlendShapeCount',
  ...ORDER.map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`),
  ...PARTS.flatMap((part) => ['Yaw', 'Pitch', 'Roll'].map((angle) => part + angle)),
];

/** Values of a row after the time code. */
const COUNT = LIVE_LINK_COLUMNS.length - 2;
/** Frames per second of the time code, whatever the rate of the rows. */
const TIMECODE_RATE = 60;

/**
 * The CSV file of the app Live Link Face: 63 columns, angles in radians, ten decimals. Its time codes count 60 frames per
 * second and continue with thousandths of a frame.
 */
export function* liveLinkCsv(track: FaceTrack): Generator<string, void, undefined> {
  yield `${LIVE_LINK_COLUMNS.join(',')}\n`;
  for (let i = 0; i < track.times.length; i++) {
    const row = liveLinkValues(track, i).map((value) => value.toFixed(10));
    yield `${timecode(track.timecode + float64At(track.times, i))},${COUNT},${row.join(',')}\n`;
  }
}

/** The 61 values of sample `i`. */
function liveLinkValues(track: FaceTrack, i: number): number[] {
  const expression = expressionAt(track, i);
  const parts = [headAngles(rotationAt(track, i)), eyeAngles(expression, 'Left'), eyeAngles(expression, 'Right')];
  return [...INDICES.map((index) => float32At(expression, index)), ...parts.flatMap(valuesOf)];
}

function valuesOf({ yaw, pitch, roll }: Angles): number[] {
  return [yaw, pitch, roll];
}

/** HH:MM:SS:FF.sss of a time of day. */
export function timecode(time: Seconds): string {
  const thousandths = Math.round(Math.max(0, time) * TIMECODE_RATE * 1000);
  const frames = Math.floor(thousandths / 1000);
  const seconds = Math.floor(frames / TIMECODE_RATE);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60, frames % TIMECODE_RATE];
  const [hours, minutes, rest, frame] = parts.map((part) => String(part).padStart(2, '0'));
  return `${[hours, minutes, rest, frame].join(':')}.${String(thousandths % 1000).padStart(3, '0')}`;
}
