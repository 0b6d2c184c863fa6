import { Constants } from '@babylonjs/core/Engines/constants';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture';
import type { Scene } from '@babylonjs/core/scene';
import type { FaceMask } from '../../face/types';

const CELLS = 96;

/** A face's mask for filters: red the occluder, green visible skin. */
export class FilterMask {
  readonly texture: RawTexture;
  readonly #bytes = new Uint8Array(2 * CELLS * CELLS);

  constructor(scene: Scene) {
    this.texture = new RawTexture(
      this.#bytes,
      CELLS,
      CELLS,
      Constants.TEXTUREFORMAT_RG,
      scene,
      false,
      false,
      Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
      Constants.TEXTURETYPE_UNSIGNED_BYTE,
    );
    this.texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
    this.texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  }

  upload({ occluder, skin }: FaceMask): void {
    for (let cell = 0; cell < CELLS * CELLS; cell++) {
      this.#bytes[2 * cell] = occluder[cell] ?? 0;
      this.#bytes[2 * cell + 1] = skin[cell] ?? 0;
    }
    this.texture.update(this.#bytes);
  }
}
