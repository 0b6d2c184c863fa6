import { Engine } from '@babylonjs/core/Engines/engine';
import { ShaderLanguage } from '@babylonjs/core/Materials/shaderLanguage';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh';
import type { Scene } from '@babylonjs/core/scene';

/** One shader pair in both languages: WGSL for WebGPU, GLSL for WebGL2. Nothing is translated at run time. */
export interface ShaderPair {
  readonly glsl: { readonly vertexSource: string; readonly fragmentSource: string };
  readonly wgsl: { readonly vertexSource: string; readonly fragmentSource: string };
}

export interface ShaderLayout {
  readonly attributes: readonly string[];
  readonly uniforms: readonly string[];
  readonly samplers?: readonly string[];
  /** Drawn over what is there by its alpha. */
  readonly blend: boolean;
  /** Takes part in the depth test; flat layers don't. */
  readonly depth: boolean;
}

/** Why a mesh is never drawn: its shader does not compile; null while it may be. */
export function shaderFailure(mesh: AbstractMesh): string | null {
  return mesh.subMeshes?.[0]?.effect?.getCompilationError() || null;
}

/** Whether a mesh is drawn when asked for, or never will be: nothing is to be waited for. */
export function isSettled(mesh: AbstractMesh): boolean {
  return !mesh.isEnabled() || mesh.isReady(true) || shaderFailure(mesh) !== null;
}

/** A material in the engine's own shader language. Both sides of a surface are drawn: a mirrored view turns windings. */
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
