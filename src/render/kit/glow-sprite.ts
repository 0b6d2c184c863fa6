import { Constants } from '@babylonjs/core/Engines/constants';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
import type { Texture } from '@babylonjs/core/Materials/Textures/texture';
import { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';

/** A billboard of light, `size` mm wide, added to the colours behind it; black adds nothing. */
export function glowSprite(scene: Scene, name: string, glow: Texture, size: number): Mesh {
  const sprite = CreatePlane(name, { size }, scene);
  const material = new StandardMaterial(name, scene);
  material.emissiveTexture = glow;
  material.disableLighting = true;
  material.alphaMode = Constants.ALPHA_ADD;
  // Babylon.js blends materials with an alpha below 1 only.
  material.alpha = 0.999;
  material.backFaceCulling = false;
  sprite.material = material;
  return sprite;
}
