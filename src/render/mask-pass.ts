import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Constants } from '@babylonjs/core/Engines/constants';
import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper';
import type { Effect } from '@babylonjs/core/Materials/effect';
import { type EffectRenderer, EffectWrapper } from '@babylonjs/core/Materials/effectRenderer';
import { ShaderLanguage } from '@babylonjs/core/Materials/shaderLanguage';
import { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import maskVertexGlsl from './shaders/mask.vertex.glsl?raw';
import maskVertexWgsl from './shaders/mask.vertex.wgsl?raw';

export interface PassSource {
  /** Fragment shaders; their varying `cropUv` runs from 0 to 1 over the target. */
  readonly glsl: string;
  readonly wgsl: string;
  readonly uniforms: readonly string[];
  readonly samplers: readonly string[];
}

/** A shader that fills a target. */
export class MaskPass {
  readonly #wrapper: EffectWrapper;

  constructor(engine: AbstractEngine, name: string, { glsl, wgsl, uniforms, samplers }: PassSource) {
    const webgpu = engine.isWebGPU;
    this.#wrapper = new EffectWrapper({
      engine,
      name,
      vertexShader: webgpu ? maskVertexWgsl : maskVertexGlsl,
      fragmentShader: webgpu ? wgsl : glsl,
      uniformNames: [...uniforms],
      samplerNames: [...samplers],
      shaderLanguage: webgpu ? ShaderLanguage.WGSL : ShaderLanguage.GLSL,
    });
  }

  isReady(): boolean {
    return this.#wrapper.isReady();
  }

  /** `bind` gives the shader its uniforms and textures. Does nothing until the shader is ready. */
  run(renderer: EffectRenderer, target: MaskTarget, bind: (effect: Effect) => void): void {
    const observer = this.#wrapper.onApplyObservable.add(() => bind(this.#wrapper.effect));
    // The engine keeps the blending of what it drew last.
    renderer.engine.setAlphaMode(Constants.ALPHA_DISABLE);
    try {
      renderer.render(this.#wrapper, target.wrapper);
    } finally {
      this.#wrapper.onApplyObservable.remove(observer);
    }
  }

  dispose(): void {
    this.#wrapper.dispose();
  }
}

/** A square texture that is drawn into, RGBA, clamped, sampled between its pixels. */
export class MaskTarget {
  readonly wrapper: RenderTargetWrapper;
  readonly texture: BaseTexture;

  /** `halfFloat`: else bytes. */
  constructor(engine: AbstractEngine, size: number, halfFloat: boolean) {
    this.wrapper = engine.createRenderTargetTexture(size, {
      generateDepthBuffer: false,
      generateMipMaps: false,
      samplingMode: Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
      format: Constants.TEXTUREFORMAT_RGBA,
      type: halfFloat ? Constants.TEXTURETYPE_HALF_FLOAT : Constants.TEXTURETYPE_UNSIGNED_BYTE,
    });
    this.texture = new BaseTexture(engine, this.wrapper.texture);
    this.texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
    this.texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  }

  dispose(): void {
    this.wrapper.dispose();
  }
}
