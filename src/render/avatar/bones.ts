import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { boneOf, type VrmBone } from '../../face/bone-name';
import type { Quaternion as Turn } from '../../face/types';
import type { LoadedAvatar } from './load';

/** The avatar's nodes for the bones that it has. */
export function findBones(avatar: LoadedAvatar): Partial<Record<VrmBone, TransformNode>> {
  const found: Partial<Record<VrmBone, TransformNode>> = {};
  if (avatar.vrm) {
    for (const [bone, index] of Object.entries(avatar.vrm.bones) as [VrmBone, number][]) {
      const node = avatar.node(index);
      if (node) found[bone] = node;
    }
    return found;
  }
  for (const node of avatar.root.getChildTransformNodes(false)) {
    const bone = boneOf(node.name);
    if (bone) found[bone] ??= node;
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

function worldRotation(node: TransformNode): Quaternion {
  const rotation = new Quaternion();
  node.computeWorldMatrix(true).decompose(new Vector3(), rotation);
  return rotation;
}
