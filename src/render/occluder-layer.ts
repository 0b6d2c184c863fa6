import { Constants } from '@babylonjs/core/Engines/constants';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture';
import { Vector2, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import type { Crop, Face, FaceMask } from '../face/types';
import type { FrameTexture } from './frame-texture';
import type { Placement } from './placement';
import { LAYERS, unitQuad } from './quad';
import { shaderMaterial } from './shader-material';
import occluderFragmentGlsl from './shaders/occluder.fragment.glsl?raw';
import occluderFragmentWgsl from './shaders/occluder.fragment.wgsl?raw';
import occluderVertexGlsl from './shaders/occluder.vertex.glsl?raw';
import occluderVertexWgsl from './shaders/occluder.vertex.wgsl?raw';

export interface OccluderLook {
  /** The occluder's pixels go over the 3D. */
  readonly occlusion: boolean;
  /** The occluder is coloured, to show the mask. */
  readonly tinted: boolean;
}

const TINT: readonly [number, number, number] = [1, 0.42, 0.35];

/** The frame's own pixels again where one face's mask says that something is in front of it. */
export class OccluderLayer {
  readonly #material: ShaderMaterial;
  readonly #mesh: Mesh;
  readonly #crop = new Vector4();
  readonly #tint = new Vector4();
  #mask: RawTexture | undefined;

  constructor(
    private readonly scene: Scene,
    frame: FrameTexture,
  ) {
    this.#material = shaderMaterial(
      scene,
      'occluder',
      {
        glsl: { vertexSource: occluderVertexGlsl, fragmentSource: occluderFragmentGlsl },
        wgsl: { vertexSource: occluderVertexWgsl, fragmentSource: occluderFragmentWgsl },
      },
      {
        attributes: ['position'],
        uniforms: ['frameToClip', 'frameSize', 'crop', 'maskSize', 'tint', 'opacity'],
        samplers: ['frameTexture', 'maskTexture'],
        blend: true,
        depth: false,
      },
    );
    this.#material.setTexture('frameTexture', frame.texture);
    this.#mesh = unitQuad(scene, 'occluder', LAYERS.occluder, this.#material);
    this.#mesh.setEnabled(false);
  }

  show(face: Face, placement: Placement, look: OccluderLook): void {
    this.#mesh.setEnabled(look.occlusion || look.tinted);
    this.#uploadMask(face.mask);
    const { centreX, centreY, side, angle }: Crop = face.crop;
    this.#crop.set(centreX, centreY, side * Math.cos(angle), side * Math.sin(angle));
    this.#tint.set(...TINT, look.tinted ? 0.55 : 0);
    this.#material.setVector4('frameToClip', placement.frameToClip);
    this.#material.setVector2('frameSize', placement.frameSize);
    this.#material.setVector4('crop', this.#crop);
    this.#material.setVector4('tint', this.#tint);
    this.#material.setFloat('opacity', look.occlusion ? 1 : 0.6);
  }

  hide(): void {
    this.#mesh.setEnabled(false);
  }

  #uploadMask({ occluder, width, height }: FaceMask): void {
    const size = this.#mask?.getSize();
    if (this.#mask && size?.width === width && size.height === height) {
      this.#mask.update(occluder);
      return;
    }
    this.#mask?.dispose();
    this.#mask = new RawTexture(
      occluder,
      width,
      height,
      Constants.TEXTUREFORMAT_R,
      this.scene,
      false,
      false,
      Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
      Constants.TEXTURETYPE_UNSIGNED_BYTE,
    );
    this.#mask.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
    this.#mask.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
    this.#material.setTexture('maskTexture', this.#mask);
    this.#material.setVector2('maskSize', new Vector2(width, height));
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
    this.#mask?.dispose();
  }
}
