import { at } from './at';
import { expressionIndex } from './expression';
import { multiply, toMatrix } from './rotation';
import type { Quaternion } from './types';

/** Of a head or an eye, radians. */
export interface Angles {
  /** Positive to the subject's right. */
  readonly yaw: number;
  /** Positive downwards. */
  readonly pitch: number;
  /** Positive where the top of the head leans to the subject's left. */
  readonly roll: number;
}

/**
 * The angles of a head's rotation R = Ry(−yaw) · Rx(pitch) · Rz(−roll), with the axes of docs/formats.md (x to the
 * subject's left, y up, z to the viewer): yaw is positive to the subject's right, pitch downwards, and roll is positive
 * where the top of the head leans to the subject's left.
 */
export function headAngles(rotation: Quaternion): Angles {
  const [, , m02, m10, m11, m12, , , m22] = toMatrix(rotation);
  return {
    yaw: -Math.atan2(m02, m22),
    pitch: -Math.asin(Math.min(1, Math.max(-1, m12))),
    roll: -Math.atan2(m10, m11),
  };
}

/** Radians of an eye at the value 1 of its `eyeLook` expressions: the slopes in recordings of Live Link Face. */
const IN = 0.62;
const OUT = 0.58;
const UP = 0.45;
const DOWN = 0.61;

/** The angles of an eye in the head, from the 52 values of one sample. */
export function eyeAngles(expression: ArrayLike<number>, side: 'Left' | 'Right'): Angles {
  const of = (way: 'In' | 'Out' | 'Up' | 'Down') => at(expression, expressionIndex(`eyeLook${way}${side}`));
  const toNose = IN * of('In') - OUT * of('Out');
  return { yaw: side === 'Left' ? toNose : -toNose, pitch: DOWN * of('Down') - UP * of('Up'), roll: 0 };
}

/** The mean of both eyes. */
export function gazeAngles(expression: ArrayLike<number>): Angles {
  const [left, right] = [eyeAngles(expression, 'Left'), eyeAngles(expression, 'Right')];
  return { yaw: (left.yaw + right.yaw) / 2, pitch: (left.pitch + right.pitch) / 2, roll: 0 };
}

/** The rotation of yaw and pitch; roll is left out. */
export function turnOf({ yaw, pitch }: Angles): Quaternion {
  return multiply([0, Math.sin(-yaw / 2), 0, Math.cos(-yaw / 2)], [Math.sin(pitch / 2), 0, 0, Math.cos(pitch / 2)]);
}
