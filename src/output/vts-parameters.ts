import { headAngles } from '../face/angles';
import { expressionIndex } from '../face/expression';
import { EXPRESSION_NAMES, type ExpressionName, type Face } from '../face/types';

const DEGREES = 180 / Math.PI;

/** A parameter of VTube Studio. Own ones are created by the plugin; the others exist in each installation. */
export interface VtsParameter {
  readonly id: string;
  readonly isOwn: boolean;
  readonly explanation: string;
  readonly min: number;
  readonly max: number;
  /** The value for a face, which may be outside the range. */
  readonly read: (face: Face) => number;
}

/** Parameters for models that were prepared for ARKit's shapes, or for VTube Studio's own tracking. */
export const VTS_MAPPINGS = ['arkit', 'simple'] as const;
export type VtsMapping = (typeof VTS_MAPPINGS)[number];

/** The parameters of a mapping: 52 expressions and 6 of the head, or those that VTube Studio has. */
export function vtsParameters(mapping: VtsMapping): readonly VtsParameter[] {
  return mapping === 'arkit' ? [...expressionParameters(), ...headParameters()] : SIMPLE;
}

const value = (face: Face, name: ExpressionName) => face.expressionValues[expressionIndex(name)] ?? 0;

/** PeekabooJawOpen and so on: names have 4 to 32 letters and digits. */
function expressionParameters(): VtsParameter[] {
  return EXPRESSION_NAMES.map((name) => ({
    id: `Peekaboo${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    isOwn: true,
    explanation: `ARKit's ${name}, 0 to 1`,
    min: 0,
    max: 1,
    read: (face) => value(face, name),
  }));
}

function headParameters(): VtsParameter[] {
  const own = (id: string, explanation: string, limit: number, read: (face: Face) => number): VtsParameter => ({
    ...{ id: `Peekaboo${id}`, isOwn: true, explanation, min: -limit, max: limit, read },
  });
  const angle = (name: 'yaw' | 'pitch' | 'roll') => (face: Face) => headAngles(face.pose.rotation)[name] * DEGREES;
  const position = (axis: 0 | 1 | 2) => (face: Face) => face.pose.translation[axis] / 10;
  return [
    own('HeadYaw', 'degrees, positive to your right', 90, angle('yaw')),
    own('HeadPitch', 'degrees, positive downwards', 90, angle('pitch')),
    own('HeadRoll', 'degrees, positive to your left shoulder', 90, angle('roll')),
    own('HeadX', 'centimetres in the camera, positive to your left', 200, position(0)),
    own('HeadY', 'centimetres in the camera, positive upwards', 200, position(1)),
    own('HeadZ', 'centimetres in the camera, nearer is larger', 300, position(2)),
  ];
}

const mean = (...values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

function existing(id: string, min: number, max: number, read: (face: Face) => number): VtsParameter {
  return { id, isOwn: false, explanation: '', min, max, read };
}

/** 1 is open. A lid is fully closed before its measured value reaches 1. */
const eyeOpen = (side: 'Left' | 'Right') => (face: Face) => 1 - value(face, `eyeBlink${side}`) / 0.8;

/** VTube Studio's own parameters, mirrored as in its webcam tracking: positive angles turn to your right. */
const SIMPLE: readonly VtsParameter[] = [
  existing('FaceAngleX', -30, 30, ({ pose }) => headAngles(pose.rotation).yaw * DEGREES),
  existing('FaceAngleY', -30, 30, ({ pose }) => -headAngles(pose.rotation).pitch * DEGREES),
  existing('FaceAngleZ', -90, 90, ({ pose }) => -headAngles(pose.rotation).roll * DEGREES),
  existing('MouthOpen', 0, 1, (face) => Math.max(0, value(face, 'jawOpen') - value(face, 'mouthClose')) / 0.7),
  existing('MouthSmile', 0, 1, (face) => {
    const smile = mean(value(face, 'mouthSmileLeft'), value(face, 'mouthSmileRight'));
    const frown = mean(value(face, 'mouthFrownLeft'), value(face, 'mouthFrownRight'));
    return 0.5 + 0.5 * (smile - frown);
  }),
  existing('EyeOpenLeft', 0, 1, eyeOpen('Left')),
  existing('EyeOpenRight', 0, 1, eyeOpen('Right')),
  existing('Brows', 0, 1, (face) => {
    const raised = mean(value(face, 'browInnerUp'), value(face, 'browOuterUpLeft'), value(face, 'browOuterUpRight'));
    return 0.5 + 0.5 * (raised - mean(value(face, 'browDownLeft'), value(face, 'browDownRight')));
  }),
  existing('TongueOut', 0, 1, (face) => value(face, 'tongueOut')),
  existing('CheekPuff', 0, 1, (face) => value(face, 'cheekPuff')),
];

/** A value for VTube Studio, within the limits of its parameter. */
export interface VtsValue {
  readonly id: string;
  readonly value: number;
}

/** A value for each parameter, in their order, limited to its range, with four decimals. */
export function vtsValues(parameters: readonly VtsParameter[], face: Face): VtsValue[] {
  return parameters.map(({ id, min, max, read }) => {
    const limited = Math.min(max, Math.max(min, read(face)));
    return { id, value: Math.round(limited * 1e4) / 1e4 };
  });
}
