import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import type { LoadedAvatar } from './load';
import type { HeadMeasure } from './measure';
import type { ShapeBind } from './shapes';
import type { VrmBone, VrmDriver } from './vrm-file';

const LIDS: Readonly<Record<'left' | 'right', readonly VrmDriver[]>> = {
  left: ['eyeBlinkLeft', 'blinkLeft', 'eyeWideLeft', 'eyeSquintLeft'],
  right: ['eyeBlinkRight', 'blinkRight', 'eyeWideRight', 'eyeSquintRight'],
};
const MOUTH: readonly VrmDriver[] = ['mouthPucker', 'mouthFunnel', 'ou', 'mouthClose', 'oh'];
/** A vertex that moves this share of the farthest counts. */
const MOVED = 0.5;
/** Beyond this share of the vertices beside the eyes are tips: ears, horns, strands. */
const WIDEST = 0.96;

/** Measures an avatar at rest, in its root's axes and units, by its eyes, what its shapes move, or at last its box. */
export function measureAvatar(
  avatar: LoadedAvatar,
  binds: readonly ShapeBind[],
  bones: Partial<Record<VrmBone, TransformNode>>,
): HeadMeasure {
  avatar.root.computeWorldMatrix(true);
  const inverse = Matrix.Invert(avatar.root.getWorldMatrix());
  const places = avatar.meshes.map((mesh) => placesOf(mesh, inverse));
  const of = (drivers: readonly VrmDriver[]) => movedPlace(avatar.meshes, places, binds, drivers);
  const eye = (side: 'left' | 'right') => bonePlace(bones[`${side}Eye`], inverse) ?? of(LIDS[side]);
  const [left, right, mouth] = [eye('left'), eye('right'), of(MOUTH)];
  if (!left || !right || Vector3.Distance(left, right) < 1e-6)
    return boxMeasure(places, bonePlace(bones.head, inverse));
  const eyes = left.add(right).scale(0.5);
  const eyeDistance = Vector3.Distance(left, right);
  const drop = mouth ? eyes.y - mouth.y : 0;
  const mouthDrop = drop > 0.3 * eyeDistance ? drop : 1.05 * eyeDistance;
  // The eyes' own middles lie deep: the lids' shapes tell how far the face reaches.
  const lids = of(LIDS.left);
  if (lids && lids.z > eyes.z) eyes.z = lids.z;
  return { eyes: [eyes.x, eyes.y, eyes.z], eyeDistance, mouthDrop, halfWidth: halfWidth(places, eyes, eyeDistance) };
}

/** Flat x, y, z of a mesh's vertices at rest. */
function placesOf(mesh: AbstractMesh, inverse: Matrix): Float32Array {
  mesh.skeleton?.prepare(true);
  const positions = mesh.getPositionData(true, false) ?? [];
  const toRoot = mesh.computeWorldMatrix(true).multiply(inverse);
  const out = new Float32Array(positions.length);
  const place = new Vector3();
  for (let i = 0; i < positions.length; i += 3) {
    Vector3.TransformCoordinatesFromFloatsToRef(
      positions[i] ?? 0,
      positions[i + 1] ?? 0,
      positions[i + 2] ?? 0,
      toRoot,
      place,
    );
    out.set([place.x, place.y, place.z], i);
  }
  return out;
}

/** The mean place of what the first of these drivers moves; none where no shape belongs to them. */
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
    const way = (i: number) => Math.hypot(...[0, 1, 2].map((axis) => (moved[i + axis] ?? 0) - (base[i + axis] ?? 0)));
    let most = 0;
    for (let i = 0; i < base.length; i += 3) most = Math.max(most, way(i));
    const place = places[meshes.indexOf(mesh)];
    for (let i = 0; place && i < base.length; i += 3) {
      if (most === 0 || way(i) < MOVED * most) continue;
      sum.addInPlaceFromFloats(place[i] ?? 0, place[i + 1] ?? 0, place[i + 2] ?? 0);
      count++;
    }
  }
  return count > 0 ? sum.scaleInPlace(1 / count) : undefined;
}

function bonePlace(bone: TransformNode | undefined, inverse: Matrix): Vector3 | undefined {
  return bone && Vector3.TransformCoordinates(bone.getAbsolutePosition(), inverse);
}

function halfWidth(places: readonly Float32Array[], eyes: Vector3, eyeDistance: number): number {
  const widths: number[] = [];
  for (const place of places) {
    for (let i = 0; i < place.length; i += 3) {
      if (Math.abs((place[i + 1] ?? 0) - eyes.y) < 0.7 * eyeDistance) widths.push(Math.abs((place[i] ?? 0) - eyes.x));
    }
  }
  widths.sort((a, b) => a - b);
  return Math.max(widths[Math.floor(WIDEST * (widths.length - 1))] ?? 0, eyeDistance);
}

/** An avatar whose eyes are not known: a head of usual proportions that fills its box, from the head's bone up. */
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
