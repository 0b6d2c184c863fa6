import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import { LAYERS, unitQuad } from '../engine/quad';
import { shaderMaterial } from '../engine/shader-material';
import type { Placement } from '../view/placement';
import type { FrameTexture } from './frame-texture';
import videoFragmentGlsl from './video.fragment.glsl?raw';
import videoFragmentWgsl from './video.fragment.wgsl?raw';
import videoVertexGlsl from './video.vertex.glsl?raw';
import videoVertexWgsl from './video.vertex.wgsl?raw';

/** The frame itself, behind everything. */
export class VideoLayer {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;

  constructor(scene: Scene, frame: FrameTexture) {
    this.#material = shaderMaterial(
      scene,
      'video',
      {
        glsl: { vertexSource: videoVertexGlsl, fragmentSource: videoFragmentGlsl },
        wgsl: { vertexSource: videoVertexWgsl, fragmentSource: videoFragmentWgsl },
      },
      {
        attributes: ['position'],
        uniforms: ['frameToClip', 'frameSize'],
        samplers: ['frameTexture'],
        blend: false,
        depth: false,
      },
    );
    this.#material.setTexture('frameTexture', frame.texture);
    this.#mesh = unitQuad(scene, 'video', LAYERS.video, this.#material);
  }

  placeFrame({ frameToClip, frameSize }: Placement): void {
    this.#material.setVector4('frameToClip', frameToClip);
    this.#material.setVector2('frameSize', frameSize);
  }

  setEnabled(enabled: boolean): void {
    this.#mesh.setEnabled(enabled);
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
  }
}
