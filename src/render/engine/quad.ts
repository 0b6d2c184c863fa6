import type { Material } from '@babylonjs/core/Materials/material';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData';
import type { Scene } from '@babylonjs/core/scene';

/** Rendering groups in drawing order; the depth buffer is cleared between them. */
export const LAYERS = { video: 0, surface: 1, occluder: 2, overlay: 3 } as const;

/** A mesh that is never culled: its shader computes the position. */
export function layerMesh(scene: Scene, name: string, layer: number, material: Material): Mesh {
  const mesh = new Mesh(name, scene);
  mesh.alwaysSelectAsActiveMesh = true;
  mesh.isPickable = false;
  mesh.renderingGroupId = layer;
  mesh.material = material;
  return mesh;
}

/** A square with corners (0, 0) and (1, 1) in its `position`. */
export function unitQuad(scene: Scene, name: string, layer: number, material: Material): Mesh {
  const mesh = layerMesh(scene, name, layer, material);
  const data = new VertexData();
  data.positions = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0];
  data.indices = [0, 1, 2, 0, 2, 3];
  data.applyToMesh(mesh);
  return mesh;
}
