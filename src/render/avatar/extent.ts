import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { at, float32At } from '../../face/at';
import type { VrmBone } from '../../face/bone-name';
import type { LoadedAvatar } from './load';
import type { HeadMeasure } from './measure';
import type { ShapeBind } from './shapes';
import type { VrmDriver } from './vrm-file';

const LIDS: Readonly<Record<'left' | 'right', readonly VrmDriver[]>> = {
  left: ['eyeBlinkLeft', 'blinkLeft', 'eyeWideLeft', 'eyeSquintLeft'],
  right: ['eyeBlinkRight', 'blinkRight', 'eyeWideRight', 'eyeSquintRight'],
};
const MOUTH: readonly VrmDriver[] = ['mouthPucker', 'mouthFunnel', 'ou', 'mouthClose', 'oh'];
/** A vertex counts as moved from this share of the largest displacement. */
const MOVED = 0.5;
/** Quantile of the vertices' distance from the middle: beyond it are ears, horns and strands of hair. */
const WIDEST = 0.96;

/** Measures an avatar at rest, in its root's axes and units: by its eye bones, else its morph targets, else its box. */
export function measureAvatar(
  avatar: LoadedAvatar,
  binds: readonly ShapeBind[],
  bones: Partial<Record<VrmBone, TransformNode>>,
): HeadMeasure {
  avatar.root.computeWorldMatrix(true);
  const inverse = Matrix.Invert(avatar.root.getWorldMatrix());
  const places = avatar.meshes.map((mesh) => placesOf(mesh, inverse));
  const of = (drivers: readonly VrmDriver[]) => movedPlace(avatar.meshes, places, binds, drivers);
  const { left, right } = eyePlaces(avatar, places, binds, bones, inverse);
  const mouth = of(MOUTH);
  if (!left || !right || Vector3.Distance(left, right) < 1e-6)
    return boxMeasure(places, bonePlace(bones.head, inverse));
  const eyes = left.add(right).scale(0.5);
  const eyeDistance = Vector3.Distance(left, right);
  const drop = mouth ? eyes.y - mouth.y : 0;
  const mouthDrop = drop > 0.3 * eyeDistance ? drop : 1.05 * eyeDistance;
  // The centres of the eyes lie inside the head; the lids are at the face's surface.
  const lids = of(LIDS.left);
  if (lids && lids.z > eyes.z) eyes.z = lids.z;
  return { eyes: [eyes.x, eyes.y, eyes.z], eyeDistance, mouthDrop, halfWidth: halfWidth(places, eyes, eyeDistance) };
}

/** The eyes, by their bones or by what the lids move. `places`: as `placesOf`, for each mesh. `inverse`: of the root. */
export function eyePlaces(
  { meshes }: LoadedAvatar,
  places: readonly Float32Array[],
  binds: readonly ShapeBind[],
  bones: Partial<Record<VrmBone, TransformNode>>,
  inverse: Matrix,
): { readonly left: Vector3 | undefined; readonly right: Vector3 | undefined } {
  const eye = (side: 'left' | 'right') =>
    bonePlace(bones[`${side}Eye`], inverse) ?? movedPlace(meshes, places, binds, LIDS[side]);
  return { left: eye('left'), right: eye('right') };
}

/** A place on the face: what the first known shape of mouth, jaw, lids or brows moves. */
export function frontPlace(
  { meshes }: LoadedAvatar,
  places: readonly Float32Array[],
  binds: readonly ShapeBind[],
): Vector3 | undefined {
  return movedPlace(meshes, places, binds, [...MOUTH, 'jawOpen', ...LIDS.left, ...LIDS.right, 'browInnerUp']);
}

/** Height of the lowest vertex at rest, in the root's axes and units. */
export function lowestPoint({ root, meshes }: LoadedAvatar): number {
  const inverse = Matrix.Invert(root.computeWorldMatrix(true));
  let lowest = Number.POSITIVE_INFINITY;
  for (const mesh of meshes) {
    const places = placesOf(mesh, inverse);
    for (let i = 1; i < places.length; i += 3) lowest = Math.min(lowest, float32At(places, i));
  }
  return lowest;
}

/** Flat x, y, z of a mesh's vertices at rest, in the axes of the root. */
export function placesOf(mesh: AbstractMesh, inverse: Matrix): Float32Array {
  mesh.skeleton?.prepare(true);
  const positions = mesh.getPositionData(true, false) ?? [];
  const toRoot = mesh.computeWorldMatrix(true).multiply(inverse);
  const out = new Float32Array(positions.length);
  const place = new Vector3();
  for (let i = 0; i < positions.length; i += 3) {
    Vector3.TransformCoordinatesFromFloatsToRef(
      at(positions, i),
      at(positions, i + 1),
      at(positions, i + 2),
      toRoot,
      place,
    );
    out.set([place.x, place.y, place.z], i);
  }
  return out;
}

/** Mean position of the vertices that the first available driver moves; undefined where none has a bind. */
function movedPlace(
  meshes: readonly AbstractMesh[],
  places: readonly Float32Array[],
  binds: readonly ShapeBind[],
  drivers: readonly VrmDriver[],
): Vector3 | undefined {
  const driver = drivers.find((name) => binds.some((bind) => bind.driver === name));
  const sum = new Vector3();
  let count = 0;
  for (const { mesh, target } of binds.filter((bind) => bind.driver === driver)) {
    const base = mesh.getVerticesData('position') ?? [];
    const moved = target.getPositions() ?? [];
    const way = (i: number) => Math.hypot(...[0, 1, 2].map((axis) => at(moved, i + axis) - at(base, i + axis)));
    let most = 0;
    for (let i = 0; i < base.length; i += 3) most = Math.max(most, way(i));
    const place = places[meshes.indexOf(mesh)];
    for (let i = 0; place && i < base.length; i += 3) {
      if (most === 0 || way(i) < MOVED * most) continue;
      sum.addInPlaceFromFloats(float32At(place, i), float32At(place, i + 1), float32At(place, i + 2));
      count++;
    }
  }
  return count > 0 ? sum.scaleInPlace(1 / count) : undefined;
}

export function bonePlace(bone: TransformNode | undefined, inverse: Matrix): Vector3 | undefined {
  return bone && Vector3.TransformCoordinates(bone.getAbsolutePosition(), inverse);
}

function halfWidth(places: readonly Float32Array[], eyes: Vector3, eyeDistance: number): number {
  const widths: number[] = [];
  for (const place of places) {
    for (let i = 0; i < place.length; i += 3) {
      if (Math.abs(float32At(place, i + 1) - eyes.y) < 0.7 * eyeDistance)
        widths.push(Math.abs(float32At(place, i) - eyes.x));
    }
  }
  widths.sort((a, b) => a - b);
  const widest = widths[Math.floor(WIDEST * (widths.length - 1))];
  // Undefined where no vertex lies beside the eyes.
  return Math.max(widest ?? 0, eyeDistance);
}

/** For an avatar without known eyes: a head of average proportions that fills the box above the head's bone. */
function boxMeasure(places: readonly Float32Array[], head: Vector3 | undefined): HeadMeasure {
  const low = new Vector3(1e9, 1e9, 1e9);
  const high = new Vector3(-1e9, -1e9, -1e9);
  const place = new Vector3();
  for (const flat of places) {
    for (let i = 0; i < flat.length; i += 3) {
      Vector3.FromArrayToRef(flat, i, place);
      if (head && place.y < head.y) continue;
      low.minimizeInPlace(place);
      high.maximizeInPlace(place);
    }
  }
  const height = Math.max(high.y - low.y, 1e-6);
  return {
    eyes: [(low.x + high.x) / 2, low.y + 0.5 * height, high.z - 0.1 * height],
    eyeDistance: 0.28 * height,
    mouthDrop: 0.28 * height,
    halfWidth: Math.max((high.x - low.x) / 2, 0.2 * height),
  };
}
