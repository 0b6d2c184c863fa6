/** Everything that a filter may import besides `src/face`: the filter types and the Babylon.js classes to build with. */
import type { AssetList, Filter, FilterDefinition } from './filter/definition';

export { PointLight } from '@babylonjs/core/Lights/pointLight';
export { SpotLight } from '@babylonjs/core/Lights/spotLight';
export { Material } from '@babylonjs/core/Materials/material';
export { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial';
export { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
export { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial';
export { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture';
export { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture';
export { Texture } from '@babylonjs/core/Materials/Textures/texture';
export { Color3, Color4 } from '@babylonjs/core/Maths/math.color';
export { Curve3, Path3D } from '@babylonjs/core/Maths/math.path';
export { Matrix, Quaternion, Vector2, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector';
export { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder';
export { CreateCapsule } from '@babylonjs/core/Meshes/Builders/capsuleBuilder';
export { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder';
export { CreateDisc } from '@babylonjs/core/Meshes/Builders/discBuilder';
export { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder';
export { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder';
export { CreateRibbon } from '@babylonjs/core/Meshes/Builders/ribbonBuilder';
export { ExtrudeShape } from '@babylonjs/core/Meshes/Builders/shapeBuilder';
export { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder';
export { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder';
export { CreateTube } from '@babylonjs/core/Meshes/Builders/tubeBuilder';
export { Mesh } from '@babylonjs/core/Meshes/mesh';
export { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData';
export { TransformNode } from '@babylonjs/core/Meshes/transformNode';
export type { Scene } from '@babylonjs/core/scene';
export { attachToHead, attachToSkin } from './engine/attachment';
export { shaderMaterial } from './engine/shader-material';
export type * from './filter/definition';
export type { AnchorName } from './filter/face-anchors';
export { type CropPanels, type CropPanelsOptions, cropPanels } from './kit/crop-panels';
export { Fade } from './kit/fade';
export { type Fur, type FurOptions, fur } from './kit/fur';
export { glowSprite } from './kit/glow-sprite';
export { type PropLook, propMaterial } from './kit/prop-material';
export { seatOn } from './kit/prop-seat';
export { bar, type PartOptions, points, skinOver, turns } from './kit/prop-shapes';
export { type SkinFilm, type SkinFilmOptions, skinFilm } from './kit/skin/film';
export { SkinPoints } from './kit/skin/points';
export { SkinSheet } from './kit/skin/sheet';
export { SkinShell, type SkinShellOptions } from './kit/skin/shell';
export { isInside, mirrored, mirroredOutline, smoothOutline, uvPoints } from './kit/skin/uv-outline';
export { type SteeredOptions, SteeredPoint } from './kit/steered-point';

/** Types `setup`, `frame` and `dispose`, and records where the filter is defined. */
export function defineFilter<const A extends AssetList = Record<never, string>, S = void>(
  definition: FilterDefinition<A, S>,
): Filter {
  return { ...definition, defined: new Error(definition.name) };
}
