import { Material } from '@babylonjs/core/Materials/material';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';

/**
 * Tells Babylon.js whether a scene's camera mirrors the view, with its eye at `eye`. A mirrored view reverses the
 * winding of all triangles. Two-sided lit materials have this in their shaders: a change recompiles them, which
 * Babylon.js does together with changed textures.
 */
export function setMirrored(scene: Scene, mirrored: boolean, eye: Vector3): void {
  const changed = (scene._mirroredCameraPosition != null) !== mirrored;
  scene._mirroredCameraPosition = mirrored ? eye : null;
  if (changed) scene.markAllMaterialsAsDirty(Material.TextureDirtyFlag);
}
