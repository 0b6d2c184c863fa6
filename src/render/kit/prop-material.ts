import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial';
import type { Texture } from '@babylonjs/core/Materials/Textures/texture';
import { Color3 } from '@babylonjs/core/Maths/math.color';
import type { Scene } from '@babylonjs/core/scene';

/** Appearance of a prop. */
export interface PropLook {
  /** Linear RGB; default white. */
  readonly colour?: readonly [number, number, number];
  /** 0 mirror to 1 matt; default 1. */
  readonly roughness?: number;
  /** 0 cloth, wood, plastic, to 1 metal; default 0. */
  readonly metallic?: number;
  /** Reflectance of a non-metal relative to Babylon.js's default, 0 to 1. */
  readonly reflectance?: number;
  /** Default 1; less for glass. */
  readonly alpha?: number;
  /** Multiplied by `colour`. */
  readonly texture?: Texture;
  /** Green: roughness, blue: metallic; multiplied by the values above. */
  readonly surface?: Texture;
}

/** A physically based, two-sided material for props, lit by the face's estimated light. */
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
