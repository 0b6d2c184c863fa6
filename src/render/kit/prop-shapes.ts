import type { Material } from '@babylonjs/core/Materials/material';
import { Curve3 } from '@babylonjs/core/Maths/math.path';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { CreateRibbon } from '@babylonjs/core/Meshes/Builders/ribbonBuilder';
import { CreateTube } from '@babylonjs/core/Meshes/Builders/tubeBuilder';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';

/** Material and parent of a part. */
export interface PartOptions {
  readonly material: Material;
  readonly parent: TransformNode;
}

/** Points written as `x y z, x y z, …`. Throws RangeError. */
export function points(text: string): Vector3[] {
  return text.split(',').map((triple) => {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN, ...more] = triple.trim().split(/\s+/).map(Number);
    if (!Number.isFinite(x + y + z) || more.length > 0) throw new RangeError(`“${triple}” is not a point x y z`);
    return new Vector3(x, y, z);
  });
}

/** Angles around a circle in radians; the last one repeats the first, for closed outlines. */
export function turns(steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => (2 * Math.PI * i) / steps);
}

/** A round bar along a smooth curve through the points, with closed ends. */
export function bar(
  name: string,
  through: readonly Vector3[],
  radius: number,
  { material, parent }: PartOptions,
): Mesh {
  const path = Curve3.CreateCatmullRomSpline([...through], 12).getPoints();
  return hung(CreateTube(name, { path, radius, cap: 3 }, parent.getScene()), material, parent);
}

/** A surface over outlines with the same number of points, from the first outline to the last. */
export function skinOver(name: string, outlines: readonly (readonly Vector3[])[], options: PartOptions): Mesh {
  const pathArray = outlines.map((outline) => [...outline]);
  return hung(CreateRibbon(name, { pathArray }, options.parent.getScene()), options.material, options.parent);
}

function hung(mesh: Mesh, material: Material, parent: TransformNode): Mesh {
  mesh.material = material;
  mesh.parent = parent;
  return mesh;
}
