export const VRM_BONES = [
  'head',
  'neck',
  'leftEye',
  'rightEye',
  'leftUpperArm',
  'rightUpperArm',
  'leftLowerArm',
  'rightLowerArm',
] as const;
export type VrmBone = (typeof VRM_BONES)[number];

/** Share of the head's rotation that the neck takes. */
export const NECK_SHARE = 0.4;

/** Prefixes of the bone names of common rigs: Mixamo, Blender, VRoid, 3ds Max, Character Creator. */
const PREFIX =
  /^((mixamorig\d*[:_]?|armature[|_.]|(def|org|mch)[-_.]|j_(bip|adj)_|bip(0?0?1)?[ _.]+|cc_base_)+)(?=[a-z])/i;

/** Parts of bone names without prefix and side, in lower case and without separators. */
const PARTS: Readonly<Record<string, 'Head' | 'Neck' | 'Eye' | 'UpperArm' | 'LowerArm'>> = {
  head: 'Head',
  neck: 'Neck',
  eye: 'Eye',
  eyeball: 'Eye',
  faceeye: 'Eye',
  arm: 'UpperArm',
  upperarm: 'UpperArm',
  forearm: 'LowerArm',
  lowerarm: 'LowerArm',
};
const SIDES: Readonly<Record<string, 'left' | 'right'>> = { left: 'left', l: 'left', right: 'right', r: 'right' };

/** The bone that a node is by its name in common rigs, for files without VRM data. */
export function boneOf(name: string): VrmBone | undefined {
  const words = name
    .trim()
    .replace(PREFIX, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^(left|right)(?=[a-z])/, '$1 ')
    .split(/[^a-z]+/)
    .filter((word) => word !== '' && word !== 'c');
  const side = words.map((word) => SIDES[word]).find((known) => known !== undefined);
  const part = PARTS[words.filter((word) => SIDES[word] === undefined).join('')];
  if (part === 'Head' || part === 'Neck') return side ? undefined : part === 'Head' ? 'head' : 'neck';
  return part && side ? `${side}${part}` : undefined;
}
