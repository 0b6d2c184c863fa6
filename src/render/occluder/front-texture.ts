import { Constants } from '@babylonjs/core/Engines/constants';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture';
import type { Scene } from '@babylonjs/core/scene';
import { byteAt } from '../../face/at';
import type { FaceMask } from '../../face/types';
import type { FrontMask } from './front-mask';

/** What is in front, on the GPU. */
export class FrontTexture {
  #bytes = new Uint8Array(0);
  #texture: RawTexture | undefined;

  constructor(private readonly scene: Scene) {}

  /** The texture as of the last upload. */
  get texture(): RawTexture | undefined {
    return this.#texture;
  }

  /** Red: what is in front; green: the occluder, for the tint. The texture is replaced if the mask has another size. */
  upload({ occluder }: FaceMask, { front, width, height }: FrontMask): RawTexture {
    if (this.#bytes.length !== 2 * front.length) this.#bytes = new Uint8Array(2 * front.length);
    for (let i = 0; i < front.length; i++) {
      this.#bytes[2 * i] = byteAt(front, i);
      this.#bytes[2 * i + 1] = byteAt(occluder, i);
    }
    const size = this.#texture?.getSize();
    if (this.#texture && size?.width === width && size.height === height) {
      this.#texture.update(this.#bytes);
      return this.#texture;
    }
    this.#texture?.dispose();
    this.#texture = createTexture(this.scene, this.#bytes, width, height);
    return this.#texture;
  }

  dispose(): void {
    this.#texture?.dispose();
  }
}

function createTexture(scene: Scene, bytes: Uint8Array, width: number, height: number): RawTexture {
  const texture = new RawTexture(
    bytes,
    width,
    height,
    Constants.TEXTUREFORMAT_RG,
    scene,
    false,
    false,
    Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
    Constants.TEXTURETYPE_UNSIGNED_BYTE,
  );
  texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  return texture;
}
