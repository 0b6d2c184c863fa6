import { conjugate, exponential, logarithm, multiply, normaliseQuaternion } from '../face/rotation';
import type { Quaternion, Seconds } from '../face/types';
import { elapsed, type Filter, lowPassWeight, type OneEuroSettings } from './one-euro';

/**
 * One Euro filter for rotations. The difference of the new rotation from the smoothed one is a rotation vector (radians); the
 * speed is filtered as a vector, and its length gives one cutoff for all axes. No axis is special and no angle wraps.
 */
export function createRotationOneEuro({ minCutoff, beta, speedCutoff }: OneEuroSettings): Filter<Quaternion> {
  let smooth: Quaternion | undefined;
  let speed: [number, number, number] = [0, 0, 0];
  let last: Seconds = 0;
  return {
    step(value, time) {
      if (!smooth) {
        smooth = value;
        speed = [0, 0, 0];
      } else {
        const seconds = elapsed(last, time);
        const way = logarithm(multiply(conjugate(smooth), value));
        const speedWeight = lowPassWeight(speedCutoff, seconds);
        const follow = (before: number, change: number) => before + speedWeight * (change / seconds - before);
        speed = [follow(speed[0], way[0]), follow(speed[1], way[1]), follow(speed[2], way[2])];
        const weight = lowPassWeight(minCutoff + beta * Math.hypot(...speed), seconds);
        smooth = normaliseQuaternion(
          multiply(smooth, exponential([way[0] * weight, way[1] * weight, way[2] * weight])),
        );
      }
      last = time;
      return smooth;
    },
    reset() {
      smooth = undefined;
    },
  };
}
