import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { NECK_SHARE, type VrmBone } from '../../face/bone-name';
import { exponential, partOf } from '../../face/rotation';
import { EXPRESSION_NAMES, type Quaternion } from '../../face/types';
import { findBones, TurnedBone } from './bones';
import { lowestPoint, measureAvatar } from './extent';
import { turnToViewer } from './facing';
import type { LoadedAvatar } from './load';
import type { HeadMeasure } from './measure';
import type { AvatarPose } from './motion';
import { hasLookShapes, type ShapeBind, Shapes, shapeBinds } from './shapes';

/** Maximum rotation of an eye in radians, sideways and up or down. */
const EYE_YAW = 0.5;
const EYE_PITCH = 0.36;
/** Length of a cut neck: distance below the eyes relative to the mouth's. */
const NECK_CUT = 2.25;
/** Arms that are stretched out at rest are lowered by this angle, radians. */
const ARMS = 1.25;
const FOREARMS = 0.12;

/** Moves an avatar's shapes and bones. */
export class AvatarRig {
  readonly measure: HeadMeasure;
  /** A notice about this avatar for the user; null for none. */
  readonly notice: string | null;
  /** The avatar has neck or head bones; one without is rotated as a whole. */
  readonly hasNeck: boolean;
  /** Meshes that do not move with the head: shoulders, clothes. */
  readonly body: readonly AbstractMesh[];
  /** Where a head drawn over the video is cut, in the root's axes and units; undefined where nothing is below it. */
  readonly neck: Vector3 | undefined;
  /** Height of the lowest vertex at rest, in the root's axes and units. */
  readonly bottom: number;
  readonly #shapes: Shapes;
  readonly #head: readonly { readonly bone: TurnedBone; readonly share: number }[];
  readonly #eyes: Partial<Record<'left' | 'right', TurnedBone>>;

  constructor(readonly avatar: LoadedAvatar) {
    const binds = shapeBinds(avatar);
    const bones = findBones(avatar);
    const isFacing = turnToViewer(avatar, binds, bones);
    lowerArms(bones, avatar.root);
    this.measure = measureAvatar(avatar, binds, bones);
    this.bottom = lowestPoint(avatar);
    this.notice = noticeOf(binds, isFacing);
    this.body = bodyOf(avatar, bones.neck ?? bones.head);
    this.neck = this.body.length > 0 ? belowChin(this.measure) : skinnedNeck(avatar, bones.neck);
    this.#shapes = new Shapes(binds);
    this.#head = headBones(bones, avatar.root);
    this.hasNeck = this.#head.length > 0;
    this.#eyes = hasLookShapes(binds) && avatar.vrm?.eyes !== 'bone' ? {} : eyeBones(bones, avatar.root);
    fixInfluences(avatar);
  }

  /** `turnHead`: rotates neck and head; else they stay at rest, for avatars that are rotated as a whole. */
  applyPose({ expression, rotation }: AvatarPose, turnHead: boolean): void {
    this.#shapes.setExpression(expression);
    for (const { bone, share } of this.#head) bone.setTurn(partOf(rotation, turnHead ? share : 0));
    this.#eyes.left?.setTurn(eyeTurn(expression, 'Left'));
    this.#eyes.right?.setTurn(eyeTurn(expression, 'Right'));
  }
}

/** Empty where no mesh hangs below the neck: the avatar is skinned, or has no neck. */
function bodyOf({ meshes }: LoadedAvatar, neck: TransformNode | undefined): AbstractMesh[] {
  const rigid = meshes.filter(({ skeleton }) => !skeleton);
  const isHead = (mesh: AbstractMesh) => neck !== undefined && mesh.isDescendantOf(neck);
  return rigid.some(isHead) ? rigid.filter((mesh) => !isHead(mesh)) : [];
}

/** The cut of a neck that is a mesh of its own. */
function belowChin({ eyes: [x, y, z], mouthDrop }: HeadMeasure): Vector3 {
  return new Vector3(x, y - NECK_CUT * mouthDrop, z);
}

/** The cut of a skin over head and body: at the neck's bone. */
function skinnedNeck({ meshes, root }: LoadedAvatar, neck: TransformNode | undefined): Vector3 | undefined {
  return meshes.some(({ skeleton }) => skeleton) ? placeIn(neck, root) : undefined;
}

function placeIn(node: TransformNode | undefined, root: TransformNode): Vector3 | undefined {
  return node && Vector3.TransformCoordinates(node.getAbsolutePosition(), Matrix.Invert(root.getWorldMatrix()));
}

function headBones({ head, neck }: Partial<Record<VrmBone, TransformNode>>, root: TransformNode) {
  const shares: readonly [TransformNode | undefined, number][] = [
    [neck, head ? NECK_SHARE : 1],
    [head, neck ? 1 - NECK_SHARE : 1],
  ];
  return shares.flatMap(([node, share]) => (node ? [{ bone: new TurnedBone(node, root), share }] : []));
}

function eyeBones({ leftEye, rightEye }: Partial<Record<VrmBone, TransformNode>>, root: TransformNode) {
  return {
    ...(leftEye ? { left: new TurnedBone(leftEye, root) } : {}),
    ...(rightEye ? { right: new TurnedBone(rightEye, root) } : {}),
  };
}

/** `eyeLookOut` turns an eye to its own side: the left one to +x. */
function eyeTurn(expression: Float32Array, side: 'Left' | 'Right'): Quaternion {
  const of = (way: 'In' | 'Out' | 'Up' | 'Down') => expression[EXPRESSION_NAMES.indexOf(`eyeLook${way}${side}`)] ?? 0;
  const outward = side === 'Left' ? 1 : -1;
  const yaw = EYE_YAW * outward * (of('Out') - of('In'));
  const pitch = EYE_PITCH * (of('Down') - of('Up'));
  return exponential([pitch, yaw, 0]);
}

function lowerArms(bones: Partial<Record<VrmBone, TransformNode>>, root: TransformNode): void {
  const turns: readonly [VrmBone, number][] = [
    ['leftUpperArm', -ARMS],
    ['rightUpperArm', ARMS],
    ['leftLowerArm', -FOREARMS],
    ['rightLowerArm', FOREARMS],
  ];
  const isStretched = (upper: VrmBone, lower: VrmBone) => {
    const elbow = bones[lower] ?? bones[upper]?.getChildTransformNodes(true)[0];
    const [from, to] = [bones[upper]?.getAbsolutePosition(), elbow?.getAbsolutePosition()];
    return from && to && Math.abs(to.y - from.y) < 0.5 * Math.hypot(to.x - from.x, to.z - from.z);
  };
  if (!isStretched('leftUpperArm', 'leftLowerArm') || !isStretched('rightUpperArm', 'rightLowerArm')) return;
  for (const [name, angle] of turns) {
    const node = bones[name];
    if (node) new TurnedBone(node, root).setTurn(exponential([0, 0, angle]));
  }
}

/** Fixes the number of morph targets in the shader: Babylon compiles one shader per number of active ones. */
function fixInfluences({ meshes }: LoadedAvatar): void {
  for (const { morphTargetManager } of meshes) {
    if (morphTargetManager) morphTargetManager.numMaxInfluencers = morphTargetManager.numTargets;
  }
}

function noticeOf(binds: readonly ShapeBind[], isFacing: boolean): string | null {
  const parts = [
    binds.length === 0
      ? 'This avatar has no shapes with ARKit’s names: it turns its head, but its face does not move.'
      : '',
    isFacing
      ? ''
      : 'It has neither eyes nor bones that show where its face is. If it faces away, turn it by 180° in a 3D program.',
  ];
  return parts.filter((part) => part !== '').join(' ') || null;
}
