import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Constants } from '@babylonjs/core/Engines/constants';
import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper';
import type { Effect } from '@babylonjs/core/Materials/effect';
import { type EffectRenderer, EffectWrapper } from '@babylonjs/core/Materials/effectRenderer';
import { ShaderLanguage } from '@babylonjs/core/Materials/shaderLanguage';
import { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import maskVertexGlsl from './mask.vertex.glsl?raw';
import maskVertexWgsl from './mask.vertex.wgsl?raw';
import type { MaskPart } from './mask-part';

export interface PassSource {
  /** Fragment shaders; their varying `cropUv` runs from 0 to 1 over the target. */
  readonly glsl: string;
  readonly wgsl: string;
  readonly uniforms: readonly string[];
  readonly samplers: readonly string[];
}

/** A shader pass that fills a target. */
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

  /** The compilation error; null for none so far. On WebGPU it appears in the console only. */
  get failure(): string | null {
    return this.#wrapper.effect.getCompilationError() || null;
  }

  /**
   * Fills a rectangle of the target and leaves the rest unchanged. `bind` sets uniforms and textures. Does nothing
   * until the shader is ready.
   */
  run(renderer: EffectRenderer, target: MaskTarget, part: MaskPart, bind: (effect: Effect) => void): void {
    const { engine } = renderer;
    const observer = this.#wrapper.onApplyObservable.add(() => bind(this.#wrapper.effect));
    // The engine keeps the blending of the last draw call.
    engine.setAlphaMode(Constants.ALPHA_DISABLE);
    const { x, y, width, height } = target.pixelsOf(part);
    engine.enableScissor(x, y, width, height);
    try {
      renderer.render(this.#wrapper, target.wrapper);
    } finally {
      engine.disableScissor();
      this.#wrapper.onApplyObservable.remove(observer);
    }
  }

  dispose(): void {
    this.#wrapper.dispose();
  }
}

/** A square RGBA render target, clamped, with bilinear sampling. */
export class MaskTarget {
  readonly wrapper: RenderTargetWrapper;
  readonly texture: BaseTexture;

  /** `halfFloat`: half floats instead of bytes. */
  constructor(
    engine: AbstractEngine,
    private readonly size: number,
    halfFloat: boolean,
  ) {
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

  /** The pixels that a rectangle touches. */
  pixelsOf({ left, top, right, bottom }: MaskPart) {
    const x = Math.floor(left * this.size);
    const y = Math.floor(top * this.size);
    return { x, y, width: Math.ceil(right * this.size) - x, height: Math.ceil(bottom * this.size) - y };
  }

  dispose(): void {
    this.wrapper.dispose();
  }
}
