import { Constants } from '@babylonjs/core/Engines/constants';
import type { Engine } from '@babylonjs/core/Engines/engine';
import type { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine';
import { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import type { InternalTexture } from '@babylonjs/core/Materials/Textures/internalTexture';
import type { Scene } from '@babylonjs/core/scene';
import type { Frame } from '../face/types';

/** The tracked frame as a texture, first row on top. Its memory is reused while the frame's size stays. */
export class FrameTexture {
  readonly texture: BaseTexture;
  #size = '';

  constructor(private readonly scene: Scene) {
    this.texture = new BaseTexture(scene);
    this.texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
    this.texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  }

  /** Copies the frame's pixels; the frame may be closed afterwards. */
  upload({ image, width, height }: Frame): void {
    const engine = this.scene.getEngine();
    const size = `${width}×${height}`;
    if (this.#size !== size) {
      this.texture._texture?.dispose();
      this.texture._texture = engine.createDynamicTexture(
        width,
        height,
        false,
        Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
      );
      this.#size = size;
    }
    const target = this.texture._texture;
    if (!target) return;
    if (engine.isWebGPU) copyToWebGPU(engine as WebGPUEngine, target, image, width, height);
    else (engine as Engine).updateDynamicTexture(target, image as ImageBitmap, false);
  }

  dispose(): void {
    this.texture.dispose();
  }
}

/** Babylon reads `source.width`, which a VideoFrame lacks; so its texture helper is called with the size. */
function copyToWebGPU(
  engine: WebGPUEngine,
  target: InternalTexture,
  image: Frame['image'],
  width: number,
  height: number,
): void {
  engine._textureHelper.updateTexture(image, target, width, height, 1, 'rgba8unorm', 0, 0, false, false, 0, 0);
  target.isReady = true;
}
