import { Buffer } from '@babylonjs/core/Buffers/buffer';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Constants } from '@babylonjs/core/Engines/constants';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture';
import { byteAt } from '../../face/at';
import type { FaceModel } from '../../face/face-model';
import type { Coefficients, Face, FaceMask } from '../../face/types';
import type { FaceShape } from '../mesh/face-shape';
import { SkullCap } from './skull-cap';

/** Cells of a mask on one side of the crop. */
const CELLS = 96;

/** One face's mask and mesh on the GPU: uploaded once per frame and shared by all filters on that face. */
export class FaceUploads {
  /** The mask's part on the crop: red the occluder, green visible skin, blue own hair; first row on top. Belongs to no scene. */
  readonly maskTexture: RawTexture;
  /** V × 3, millimetres in head space. */
  readonly positions: Buffer;
  /** V × 3, unit length. */
  readonly normals: Buffer;
  readonly cap: SkullCap;
  readonly #maskBytes = new Uint8Array(4 * CELLS * CELLS);
  readonly #headVertices: Float32Array;
  readonly #head: Buffer;
  #mask: FaceMask | undefined;
  #uploaded: { readonly coefficients: Coefficients; readonly shape: FaceShape } | undefined;
  #headIsCurrent = false;

  constructor(
    engine: AbstractEngine,
    readonly model: FaceModel,
  ) {
    this.maskTexture = createMaskTexture(engine, this.#maskBytes);
    this.positions = new Buffer(engine, Float32Array.from(model.mean), true, 3);
    this.normals = new Buffer(engine, new Float32Array(3 * model.vertexCount), true, 3);
    this.cap = new SkullCap(model);
    this.#headVertices = new Float32Array(3 * this.cap.vertexCount);
    this.#head = new Buffer(engine, this.#headVertices, true, 3);
  }

  /** Uploads what has changed. `shape` holds the face's vertices until the next call. */
  uploadFace({ coefficients, mask }: Face, shape: FaceShape): void {
    if (this.#mask !== mask) this.#uploadMask(mask);
    if (this.#uploaded?.coefficients === coefficients && this.#uploaded.shape === shape) return;
    this.positions.update(shape.vertices);
    this.normals.update(shape.normals);
    this.#uploaded = { coefficients, shape };
    this.#headIsCurrent = false;
  }

  /** The face's vertices, then those of the skull cap, as of the last `uploadFace`; uploaded when first asked for. */
  headPositions(): Buffer {
    if (this.#uploaded && !this.#headIsCurrent) {
      this.#head.update(this.cap.write(this.#uploaded.shape.vertices, this.#headVertices));
      this.#headIsCurrent = true;
    }
    return this.#head;
  }

  dispose(): void {
    this.maskTexture.dispose();
    for (const buffer of [this.positions, this.normals, this.#head]) buffer.dispose();
  }

  #uploadMask(mask: FaceMask): void {
    const { width, height, extent, occluder, skin, own } = mask;
    const [left, top] = [(width - CELLS) / 2, (height - CELLS) / 2];
    if (width !== CELLS * extent || height !== width) {
      throw new RangeError(
        `filters take masks of ${CELLS} × ${CELLS} cells on the crop, not ${width} × ${height} cells`,
      );
    }
    for (let cell = 0; cell < CELLS * CELLS; cell++) {
      const from = (top + Math.floor(cell / CELLS)) * width + left + (cell % CELLS);
      this.#maskBytes[4 * cell] = byteAt(occluder, from);
      this.#maskBytes[4 * cell + 1] = byteAt(skin, from);
      this.#maskBytes[4 * cell + 2] = byteAt(own, from);
    }
    this.maskTexture.update(this.#maskBytes);
    this.#mask = mask;
  }
}

function createMaskTexture(engine: AbstractEngine, bytes: Uint8Array): RawTexture {
  const texture = new RawTexture(
    bytes,
    CELLS,
    CELLS,
    Constants.TEXTUREFORMAT_RGBA,
    engine,
    false,
    false,
    Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
    Constants.TEXTURETYPE_UNSIGNED_BYTE,
  );
  texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  return texture;
}
