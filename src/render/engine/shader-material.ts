import { Engine } from '@babylonjs/core/Engines/engine';
import { ShaderLanguage } from '@babylonjs/core/Materials/shaderLanguage';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { Scene } from '@babylonjs/core/scene';

/** A vertex and a fragment shader in both languages: WGSL for WebGPU, GLSL for WebGL2. Nothing is translated at run time. */
export interface ShaderPair {
  readonly glsl: { readonly vertexSource: string; readonly fragmentSource: string };
  readonly wgsl: { readonly vertexSource: string; readonly fragmentSource: string };
}

export interface ShaderLayout {
  readonly attributes: readonly string[];
  readonly uniforms: readonly string[];
  readonly samplers?: readonly string[];
  /** Blended by alpha over the current picture. */
  readonly blend: boolean;
  /** Uses the depth test; flat layers do not. */
  readonly depth: boolean;
}

/** The compilation error of a mesh's shader; null for none so far. */
export function shaderFailure(mesh: AbstractMesh): string | null {
  return mesh.subMeshes?.[0]?.effect?.getCompilationError() || null;
}

/** Whether a mesh is disabled, ready, or fails to compile: waiting does not change the picture. */
export function isSettled(mesh: AbstractMesh): boolean {
  return !mesh.isEnabled() || mesh.isReady(true) || shaderFailure(mesh) !== null;
}

/** A material in the engine's shader language. It draws both sides of a surface: a mirrored view reverses the winding. */
export function shaderMaterial(scene: Scene, name: string, shaders: ShaderPair, layout: ShaderLayout): ShaderMaterial {
  const webgpu = scene.getEngine().isWebGPU;
  const material = new ShaderMaterial(name, scene, webgpu ? shaders.wgsl : shaders.glsl, {
    attributes: [...layout.attributes],
    uniforms: [...layout.uniforms],
    samplers: [...(layout.samplers ?? [])],
    needAlphaBlending: layout.blend,
    shaderLanguage: webgpu ? ShaderLanguage.WGSL : ShaderLanguage.GLSL,
  });
  material.backFaceCulling = false;
  if (layout.depth) {
    material.needDepthPrePass = layout.blend;
  } else {
    material.disableDepthWrite = true;
    material.depthFunction = Engine.ALWAYS;
  }
  return material;
}
