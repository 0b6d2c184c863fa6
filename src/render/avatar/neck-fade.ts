import { VertexBuffer } from '@babylonjs/core/Buffers/buffer';
import { Material } from '@babylonjs/core/Materials/material';
import { Matrix } from '@babylonjs/core/Maths/math.vector';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode';
import { at, float32At } from '../../face/at';
import { placesOf } from './extent';

/** Heights in the axes of the avatar's root, between which parts fade from opaque to transparent. */
export interface FadeRange {
  readonly opaque: number;
  readonly transparent: number;
}

/** A mesh that fades, with its own vertex colours and those of the fade, RGBA. */
interface FadingMesh {
  readonly mesh: Mesh;
  readonly own: Float32Array;
  readonly faded: Float32Array;
  readonly hasAlpha: boolean;
  readonly material: Material | null;
  /** A copy of the material that blends. */
  readonly blending: Material | null;
}

/** Fades out the lower end of a neck or a collar over the video, in place of a hard edge, by the alpha of its vertices. */
export class NeckFade {
  readonly #meshes: readonly FadingMesh[];
  #enabled = false;

  /** `meshes`: rigid ones, at rest. */
  constructor(meshes: readonly AbstractMesh[], root: TransformNode, range: FadeRange) {
    const inverse = Matrix.Invert(root.computeWorldMatrix(true));
    this.#meshes = meshes.flatMap((mesh) => (mesh instanceof Mesh ? fadingMesh(mesh, inverse, range) : []));
  }

  setEnabled(enabled: boolean): void {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    for (const { mesh, own, faded, hasAlpha, material, blending } of this.#meshes) {
      mesh.setVerticesData(VertexBuffer.ColorKind, enabled ? faded : own, false, 4);
      mesh.hasVertexAlpha = enabled || hasAlpha;
      mesh.material = enabled ? blending : material;
    }
  }
}

/** Empty for a mesh that is opaque everywhere. */
function fadingMesh(mesh: Mesh, inverse: Matrix, { opaque, transparent }: FadeRange): FadingMesh[] {
  const places = placesOf(mesh, inverse);
  const own = coloursOf(mesh, places.length / 3);
  const faded = own.slice();
  let isOpaque = true;
  for (let i = 0; i < places.length / 3; i++) {
    const share = (float32At(places, 3 * i + 1) - transparent) / (opaque - transparent);
    if (share >= 1) continue;
    isOpaque = false;
    const clamped = Math.max(share, 0);
    faded[4 * i + 3] = float32At(own, 4 * i + 3) * clamped * clamped * (3 - 2 * clamped);
  }
  if (isOpaque) return [];
  const { material, hasVertexAlpha: hasAlpha } = mesh;
  return [{ mesh, own, faded, hasAlpha, material, blending: material && blendingCopy(material) }];
}

/** glTF materials are opaque whatever the alpha of the vertices is. Other meshes may use the same material. */
function blendingCopy(material: Material): Material {
  const copy = material.clone(`${material.name} faded`) ?? material;
  copy.transparencyMode = Material.MATERIAL_ALPHABLEND;
  copy.needDepthPrePass = true;
  return copy;
}

/** Vertex colours as RGBA; white where the mesh has none. */
function coloursOf(mesh: Mesh, count: number): Float32Array {
  const colours = new Float32Array(4 * count).fill(1);
  const given = mesh.getVerticesData(VertexBuffer.ColorKind);
  if (!given) return colours;
  const size = given.length / count;
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < size; channel++) colours[4 * i + channel] = at(given, size * i + channel);
  }
  return colours;
}
