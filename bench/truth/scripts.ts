import { at } from '../../src/face/at';
import { multiply, toMatrix } from '../../src/face/rotation';
import {
  EXPRESSION_NAMES,
  type ExpressionName,
  type Pose,
  type Quaternion,
  type Seconds,
  type Vector3,
} from '../../src/face/types';
import type { Script } from './clip';
import { createRandom } from './random';

/** Degrees: to the subject's left, up, and towards the subject's left shoulder seen from the viewer. */
export interface Turn {
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
}

/** Neck joint relative to the model's origin, mm. Heads rotate about it. */
const JOINT: Vector3 = [0, -75, -90];

/** Pose of a head rotated about its neck. `at` is its origin when it looks straight ahead, mm in the camera. */
export function headPose(at: Vector3, turn: Turn = {}): Pose {
  const rotation = turned(turn);
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = toMatrix(rotation);
  const [x, y, z] = JOINT;
  return {
    rotation,
    translation: [
      at[0] + x - (m00 * x + m01 * y + m02 * z),
      at[1] + y - (m10 * x + m11 * y + m12 * z),
      at[2] + z - (m20 * x + m21 * y + m22 * z),
    ],
  };
}

export function turned({ yaw = 0, pitch = 0, roll = 0 }: Turn): Quaternion {
  const half = Math.PI / 360;
  const about = (axis: 0 | 1 | 2, degrees: number): Quaternion => {
    const q: [number, number, number, number] = [0, 0, 0, Math.cos(degrees * half)];
    q[axis] = Math.sin(degrees * half);
    return q;
  };
  return multiply(about(2, roll), multiply(about(1, yaw), about(0, -pitch)));
}

/** 52 expression values; names that are not given are 0. */
export function expressionOf(values: Partial<Record<ExpressionName, number>>): Float32Array {
  return Float32Array.from(EXPRESSION_NAMES, (name) => values[name] ?? 0);
}

const wave = (time: Seconds, hertz: number, phase = 0) => Math.sin(2 * Math.PI * (hertz * time + phase));
/** Smooth step from 0 to 1 over 0 to 1. */
export function eased(share: number): number {
  const s = Math.min(1, Math.max(0, share));
  return s * s * (3 - 2 * s);
}

/** Head position, 480 mm in front of the camera: the distance to a laptop. */
const SEAT: Vector3 = [8, -12, -480];
const CALM = expressionOf({ mouthSmileLeft: 0.08, mouthSmileRight: 0.08 });
const REST = headPose(SEAT);
const NO_HANDS = [] as const;

/** Breathing: involuntary motion of half a millimetre and a quarter of a degree. */
function swaying(time: Seconds, turn: Turn = {}): Pose {
  const [x, y, z] = SEAT;
  return headPose([x + 0.4 * wave(time, 0.21), y + 0.5 * wave(time, 0.27, 0.3), z + 0.5 * wave(time, 0.17)], {
    ...turn,
    yaw: (turn.yaw ?? 0) + 0.2 * wave(time, 0.13),
    pitch: (turn.pitch ?? 0) + 0.25 * wave(time, 0.27),
  });
}

function one(
  name: string,
  seconds: Seconds,
  at: (time: Seconds) => { turn?: Turn; expression?: Float32Array },
): Script {
  return {
    name,
    seconds,
    people: 1,
    sceneAt(time) {
      const { turn, expression = CALM } = at(time);
      return { heads: [{ pose: swaying(time, turn), rest: REST, expression }], hands: NO_HANDS };
    },
  };
}

export const still = (seconds = 4): Script => one('still', seconds, () => ({ turn: { yaw: 4, pitch: -3 } }));

/** 1 Hz, ± 12 degrees, after half a second at rest. */
export const nod = (seconds = 4.5): Script =>
  one('nod', seconds, (time) => ({ turn: { pitch: 12 * Math.sin(2 * Math.PI * Math.max(0, time - 0.5)) } }));

/** Turns to one side and back, 40 degrees in a third of a second. */
export const fastTurn = (seconds = 4): Script =>
  one('turn', seconds, (time) => {
    const to = (start: Seconds) => eased((time - start) / 0.33);
    return { turn: { yaw: 36 * (to(0.5) - to(1.3)) - 36 * (to(2) - to(2.8)) } };
  });

/** Syllables at about 4 Hz, with pauses. */
export function speech(seconds = 5, seed = 1): Script {
  const random = createRandom(seed ^ 0x5bee);
  const phases = Array.from({ length: 6 }, () => random.between(0, 1));
  const voice = (time: Seconds, hertz: number, k: number) => Math.max(0, wave(time, hertz, phases[k]));
  return one('speech', seconds, (time) => {
    const said = eased(0.5 + 1.5 * wave(time, 0.4, phases[5]));
    const open = said * (0.1 + 0.35 * voice(time, 4.1, 0) + 0.15 * voice(time, 2.6, 1));
    const smile = 0.15 + 0.15 * wave(time, 0.5, phases[2]);
    const round = said * 0.5 * voice(time, 1.9, 3);
    return {
      turn: { yaw: 3 * wave(time, 0.5, phases[4]), pitch: 2 * wave(time, 0.8, phases[2]) },
      expression: expressionOf({
        jawOpen: open,
        mouthSmileLeft: smile,
        mouthSmileRight: smile,
        mouthFunnel: round,
        mouthPucker: 0.6 * round,
        mouthLowerDownLeft: 0.5 * open,
        mouthLowerDownRight: 0.5 * open,
        browInnerUp: 0.3 * eased(0.5 + wave(time, 0.6, phases[1])),
      }),
    };
  });
}

/** Starts of the blinks in `blinks`, every 0.8 s, and how long each takes. */
export function blinkTimes(seconds: Seconds): { readonly start: Seconds; readonly length: Seconds }[] {
  const count = Math.floor((seconds - 0.6) / 0.8);
  return Array.from({ length: count }, (_, k) => ({ start: 0.6 + 0.8 * k + 0.007 * k, length: k % 2 ? 0.067 : 0.1 }));
}

/** Alternates between blinks of 100 ms and of two frames (at 30 per second). */
export function blinks(seconds = 6): Script {
  const times = blinkTimes(seconds);
  return one('blinks', seconds, (time) => {
    const shut = times.reduce((most, { start, length }) => Math.max(most, lid((time - start) / length)), 0);
    return { expression: expressionOf({ eyeBlinkLeft: shut, eyeBlinkRight: shut }) };
  });
}

/** Lid closure over a blink's course from 0 to 1: fully closed from one third to two thirds. */
function lid(share: number): number {
  if (share <= 0 || share >= 1) return 0;
  return eased(3 * Math.min(share, 1 - share));
}

/** Hand poses by covered region: palm centre relative to the head's origin, mm, and roll in degrees. */
const COVERS = {
  mouth: { at: [-2, -48, 60], roll: 62, left: true },
  eyes: { at: [4, 14, 56], roll: 74, left: true },
  face: { at: [0, -22, 64], roll: 8, left: true },
  cheek: { at: [-46, -24, 40], roll: 14, left: false },
} as const;
export type Cover = keyof typeof COVERS;

/** Duration of the hand's approach and of its departure, seconds. */
const COMING = 0.25;
/** Start of the approach, seconds. */
const START = 1;

/** Interval in which the hand of `handOver` lies on the face. */
export function handTimes(lies: Seconds): { readonly from: Seconds; readonly to: Seconds; readonly gone: Seconds } {
  return { from: START + COMING, to: START + COMING + lies, gone: START + 2 * COMING + lies };
}

/**
 * A hand comes from below, lies on the face for some seconds and leaves. Under it the head turns by `moving` degrees
 * to the side and back.
 */
export function handOver(cover: Cover, lies: Seconds, moving = 0): Script {
  const { from, to, gone } = handTimes(lies);
  const { at: place, roll, left } = COVERS[cover];
  const rotation = turned({ roll, pitch: 6 });
  const base = one(`hand-${cover}-${lies}${moving ? '-moving' : ''}`, gone + 1.2, (time) => ({
    turn: moving ? { yaw: moving * wave(time, 0.35) } : {},
  }));
  return {
    ...base,
    sceneAt(time) {
      const there = eased((time - START) / COMING) - eased((time - to) / COMING);
      const scene = base.sceneAt(time);
      if (time <= START || time >= gone) return scene;
      const away: Vector3 = [90, -330, 40];
      const spot = [0, 1, 2].map((axis) => {
        const rest = at(SEAT, axis) + at(place, axis) + (1 - there) * at(away, axis);
        return rest + (time > from ? 1.2 * wave(time, 1.3 + 0.4 * axis) : 0);
      }) as unknown as Vector3;
      return { ...scene, hands: [{ pose: wristPose(spot, rotation), left }] };
    },
  };
}

/** The pose of a hand whose palm's middle is at `palm`. */
export function wristPose(palm: Vector3, rotation: Quaternion): Pose {
  const [, m01, , , m11, , , m21] = toMatrix(rotation);
  const middle = 62;
  return { rotation, translation: [palm[0] - middle * m01, palm[1] - middle * m11, palm[2] - middle * m21] };
}

/** Two people change places; one passes in front of the other. */
export function crossing(seconds = 4): Script {
  const near: Vector3 = [0, -10, -540];
  const far: Vector3 = [0, 10, -740];
  const reach = (depth: number, time: Seconds) => -depth * 0.36 * (1 - 2 * eased((time - 0.7) / (seconds - 1.4)));
  return {
    name: 'crossing',
    seconds,
    people: 2,
    sceneAt(time) {
      const walker = (place: Vector3, x: number, yaw: number) => {
        const seat: Vector3 = [x, place[1], place[2]];
        return { pose: headPose(seat, { yaw }), rest: headPose(seat), expression: CALM };
      };
      return {
        heads: [
          walker(near, reach(near[2], time), 4 * wave(time, 0.3)),
          walker(far, -reach(far[2], time), -5 * wave(time, 0.25)),
        ],
        hands: NO_HANDS,
      };
    },
  };
}
