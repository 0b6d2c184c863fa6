import { Material } from '@babylonjs/core/Materials/material';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';

/**
 * Says whether a scene's camera shows it mirrored, with its eye at `eye`. A mirrored picture turns the windings of all
 * triangles; Babylon knows that from its mirrors. Materials that are lit from both sides have it in their shaders, which
 * are made anew when it changes; Babylon looks at it together with the textures.
 */
export function setMirrored(scene: Scene, mirrored: boolean, eye: Vector3): void {
  const changed = (scene._mirroredCameraPosition != null) !== mirrored;
  scene._mirroredCameraPosition = mirrored ? eye : null;
  if (changed) scene.markAllMaterialsAsDirty(Material.TextureDirtyFlag);
}
