import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { float32At } from '../../face/at';
import type { VrmBone } from '../../face/bone-name';
import { bonePlace, eyePlaces, frontPlace, placesOf } from './extent';
import type { LoadedAvatar } from './load';
import type { ShapeBind } from './shapes';

type Bones = Partial<Record<VrmBone, TransformNode>>;

/** Offset of the face from the middle of the head that shows a direction, relative to the size of the head. */
const CLEAR = 0.12;

/**
 * Turns an avatar about y, in steps of 90°, so that it looks along +z. The direction is that of the eyes, or of another
 * part of the face that shapes move, from the middle of the head; else it comes from the sides of eyes or arms, or from
 * the head above its bone. Returns false where none of them is known; the avatar then stays as it is. VRM files state
 * their direction.
 */
export function turnToViewer(avatar: LoadedAvatar, binds: readonly ShapeBind[], bones: Bones): boolean {
  if (avatar.vrm) return true;
  const direction = directionOf(avatar, binds, bones);
  if (!direction) return false;
  const step = Math.round(Math.atan2(direction.x, direction.z) / (Math.PI / 2));
  if (step === 0) return true;
  avatar.facing.rotation.y -= (step * Math.PI) / 2;
  avatar.root.computeWorldMatrix(true);
  for (const node of avatar.root.getChildTransformNodes(false)) node.computeWorldMatrix(true);
  return true;
}

function directionOf(avatar: LoadedAvatar, binds: readonly ShapeBind[], bones: Bones): Vector3 | undefined {
  avatar.root.computeWorldMatrix(true);
  const inverse = Matrix.Invert(avatar.root.getWorldMatrix());
  const places = avatar.meshes.map((mesh) => placesOf(mesh, inverse));
  const { left, right } = eyePlaces(avatar, places, binds, bones, inverse);
  const front = left && right ? left.add(right).scaleInPlace(0.5) : frontPlace(avatar, places, binds);
  const reach = left && right ? 3 * Vector3.Distance(left, right) : undefined;
  const arms = [bonePlace(bones.leftUpperArm, inverse), bonePlace(bones.rightUpperArm, inverse)] as const;
  return (
    (front && fromMiddle(front, places, reach)) ??
    fromSides(left, right) ??
    fromSides(...arms) ??
    fromHeadBone(bonePlace(bones.head, inverse), places)
  );
}

/** From the middle of the vertices at the height of a place on the face to that place. */
function fromMiddle(front: Vector3, places: readonly Float32Array[], reach = Number.POSITIVE_INFINITY) {
  const band = Number.isFinite(reach) ? reach / 4 : 0.25 * heightOf(places);
  const isNear = ({ x, y, z }: Vector3) => Math.abs(y - front.y) < band && Math.hypot(x - front.x, z - front.z) < reach;
  return clearOffset(front, box(places, isNear));
}

/** Forwards is left × up. */
function fromSides(left: Vector3 | undefined, right: Vector3 | undefined): Vector3 | undefined {
  if (!left || !right) return undefined;
  const across = left.subtract(right);
  across.y = 0;
  return across.length() > 1e-6 ? Vector3.Cross(across, Vector3.UpReadOnly) : undefined;
}

/** The bone of a head is at the back of its base. */
function fromHeadBone(bone: Vector3 | undefined, places: readonly Float32Array[]): Vector3 | undefined {
  if (!bone) return undefined;
  const head = box(places, ({ y }) => y > bone.y);
  const middle = head.low.add(head.high).scaleInPlace(0.5);
  const offset = clearOffset(bone, head);
  return offset && middle.subtract(bone);
}

/** The horizontal offset of a place from the middle of a box; undefined where it is small. */
function clearOffset(place: Vector3, { low, high }: Box): Vector3 | undefined {
  const offset = place.subtract(low.add(high).scaleInPlace(0.5));
  offset.y = 0;
  const size = Math.max(high.x - low.x, high.z - low.z);
  return size > 0 && offset.length() > CLEAR * size ? offset : undefined;
}

interface Box {
  readonly low: Vector3;
  readonly high: Vector3;
}

/** The box around the vertices for which `counts` holds. */
function box(places: readonly Float32Array[], counts: (place: Vector3) => boolean): Box {
  const low = new Vector3(1e9, 1e9, 1e9);
  const high = new Vector3(-1e9, -1e9, -1e9);
  const place = new Vector3();
  for (const flat of places) {
    for (let i = 0; i < flat.length; i += 3) {
      place.set(float32At(flat, i), float32At(flat, i + 1), float32At(flat, i + 2));
      if (!counts(place)) continue;
      low.minimizeInPlace(place);
      high.maximizeInPlace(place);
    }
  }
  return { low, high };
}

function heightOf(places: readonly Float32Array[]): number {
  const { low, high } = box(places, () => true);
  return Math.max(high.y - low.y, 0);
}
