import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial';
import type { Texture } from '@babylonjs/core/Materials/Textures/texture';
import { Color3 } from '@babylonjs/core/Maths/math.color';
import type { Scene } from '@babylonjs/core/scene';

/** How a prop looks. */
export interface PropLook {
  /** Linear RGB, white without it. */
  readonly colour?: readonly [number, number, number];
  /** 0 a mirror, 1 matt; 1 without it. */
  readonly roughness?: number;
  /** 0 cloth, wood, plastic, to 1 metal; 0 without it. */
  readonly metallic?: number;
  /** How much a surface that is no metal mirrors, 0 to 1 of the usual. */
  readonly reflectance?: number;
  /** 1 without it; less is glass. */
  readonly alpha?: number;
  /** Multiplied by `colour`. */
  readonly texture?: Texture;
  /** Green roughness, blue metallic, multiplied by those above. */
  readonly surface?: Texture;
}

/** A physically based material for props, lit by the face's own light and seen from both sides. */
export function propMaterial(scene: Scene, name: string, look: PropLook): PBRMaterial {
  const { colour = [1, 1, 1], roughness = 1, metallic = 0, reflectance = 1, alpha = 1, texture, surface } = look;
  const material = new PBRMaterial(name, scene);
  material.albedoColor = new Color3(...colour);
  material.roughness = roughness;
  material.metallic = metallic;
  material.metallicF0Factor = reflectance;
  material.alpha = alpha;
  material.backFaceCulling = false;
  material.twoSidedLighting = true;
  if (texture) material.albedoTexture = texture;
  if (surface) {
    material.metallicTexture = surface;
    material.useRoughnessFromMetallicTextureGreen = true;
    material.useRoughnessFromMetallicTextureAlpha = false;
    material.useMetallnessFromMetallicTextureBlue = true;
  }
  return material;
}
