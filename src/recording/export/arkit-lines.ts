import { type Angles, eyeAngles } from '../../face/angles';
import { at, float32At, float64At } from '../../face/at';
import { facePose } from '../../face/face-pose';
import { EXPRESSION_NAMES, REGIONS } from '../../face/types';
import { round } from '../frame-line';
import { expressionAt, type FaceTrack, rotationAt, translationAt, visibilityAt } from './face-track';

/**
 * One JSON object per line, with the names of ARKit's ARFaceAnchor: `transform` is a 4 × 4 matrix, column by column, in
 * metres, from the head's axes to the camera's; `leftEye` and `rightEye` are angles in the head, radians.
 */
export function* arkitLines(track: FaceTrack): Generator<string, void, undefined> {
  for (let i = 0; i < track.times.length; i++) {
    const expression = expressionAt(track, i);
    const visibility = visibilityAt(track, i);
    const line = {
      timestamp: round(float64At(track.times, i), 6),
      isTracked: at(track.seen, i) === 1,
      blendShapes: Object.fromEntries(EXPRESSION_NAMES.map((name, k) => [name, round(float32At(expression, k), 4)])),
      transform: transformAt(track, i),
      leftEye: eyeOf(eyeAngles(expression, 'Left')),
      rightEye: eyeOf(eyeAngles(expression, 'Right')),
      visibility: Object.fromEntries(REGIONS.map((name, k) => [name, round(float32At(visibility, k), 4)])),
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

function transformAt(track: FaceTrack, i: number): number[] {
  const matrix = facePose({ pose: { rotation: rotationAt(track, i), translation: translationAt(track, i) } });
  return Array.from(matrix, (value, k) => round(k >= 12 && k < 15 ? value / 1000 : value, 6));
}

function eyeOf({ yaw, pitch }: Angles) {
  return { yaw: round(yaw, 5), pitch: round(pitch, 5) };
}
