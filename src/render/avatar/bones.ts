import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { exponential, logarithm } from '../../face/rotation';
import type { Quaternion as Turn } from '../../face/types';
import type { LoadedAvatar } from './load';
import type { VrmBone } from './vrm-file';

/** Bone names of common rigs, for files without VRM data. */
const BONE_NAMES: Readonly<Record<VrmBone, RegExp>> = {
  head: /^(mixamorig[:_]?|j_bip_c_|bip0?01[ _]?)?head$/i,
  neck: /^(mixamorig[:_]?|j_bip_c_|bip0?01[ _]?)?neck$/i,
  leftEye: /^(mixamorig[:_]?)?(left[ _]?eye|eye[ _.]?l(eft)?|j_adj_l_faceeye|eyeball[ _.]?l(eft)?)$/i,
  rightEye: /^(mixamorig[:_]?)?(right[ _]?eye|eye[ _.]?r(ight)?|j_adj_r_faceeye|eyeball[ _.]?r(ight)?)$/i,
  leftUpperArm: /^(mixamorig[:_]?)?(left[ _]?(upper)?arm|upperarm[ _.]?l)$/i,
  rightUpperArm: /^(mixamorig[:_]?)?(right[ _]?(upper)?arm|upperarm[ _.]?r)$/i,
  leftLowerArm: /^(mixamorig[:_]?)?(left[ _]?(fore|lower)arm|forearm[ _.]?l|lowerarm[ _.]?l)$/i,
  rightLowerArm: /^(mixamorig[:_]?)?(right[ _]?(fore|lower)arm|forearm[ _.]?r|lowerarm[ _.]?r)$/i,
};

/** The avatar's nodes for the bones that it has. */
export function findBones(avatar: LoadedAvatar): Partial<Record<VrmBone, TransformNode>> {
  const found: Partial<Record<VrmBone, TransformNode>> = {};
  const nodes = avatar.vrm ? [] : avatar.root.getChildTransformNodes(false);
  for (const bone of Object.keys(BONE_NAMES) as VrmBone[]) {
    const told = avatar.vrm?.bones[bone];
    const node = told === undefined ? nodes.find(({ name }) => BONE_NAMES[bone].test(name.trim())) : avatar.node(told);
    if (node) found[bone] = node;
  }
  return found;
}

/** A bone that is rotated about the avatar's axes, whatever its own axes at rest are. */
export class TurnedBone {
  readonly #before: Quaternion;
  readonly #after: Quaternion;
  readonly #now: Quaternion;
  readonly #turn = new Quaternion();

  /** `node` must be at rest. The axes are those of `root`. */
  constructor(node: TransformNode, root: TransformNode) {
    this.#now = node.rotationQuaternion ?? node.rotation.toQuaternion();
    node.rotationQuaternion = this.#now;
    const parent = node.parent instanceof TransformNode ? node.parent : root;
    this.#after = worldRotation(root).conjugate().multiply(worldRotation(parent));
    this.#before = this.#after.conjugate();
    this.#after.multiplyInPlace(this.#now);
  }

  setTurn(turn: Turn): void {
    this.#turn.copyFromFloats(...turn);
    this.#before.multiplyToRef(this.#turn, this.#now).multiplyInPlace(this.#after);
  }
}

/** The rotation about the same axis by `share` of the angle. */
export function partOf(turn: Turn, share: number): Turn {
  const [x, y, z] = logarithm(turn);
  return exponential([share * x, share * y, share * z]);
}

function worldRotation(node: TransformNode): Quaternion {
  const rotation = new Quaternion();
  node.computeWorldMatrix(true).decompose(new Vector3(), rotation);
  return rotation;
}
