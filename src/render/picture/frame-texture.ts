import { Constants } from '@babylonjs/core/Engines/constants';
import type { Engine } from '@babylonjs/core/Engines/engine';
import type { WebGPUEngine } from '@babylonjs/core/Engines/webgpuEngine';
import { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture';
import type { InternalTexture } from '@babylonjs/core/Materials/Textures/internalTexture';
import type { Scene } from '@babylonjs/core/scene';
import type { Frame } from '../../face/types';
import type { Size } from '../view/view';
import { textureSize } from './texture-size';

/** A picture of a known size. */
export interface Picture extends Pick<Frame, 'width' | 'height'> {
  readonly image: Frame['image'] | OffscreenCanvas;
}

/** The tracked frame as a texture, first row on top. Frames of the same size reuse the texture. */
export class FrameTexture {
  readonly texture: BaseTexture;
  #size: Size = { width: 0, height: 0 };
  #uploads = 0;

  constructor(private readonly scene: Scene) {
    this.texture = new BaseTexture(scene);
    this.texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE;
    this.texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE;
  }

  /** Number of uploads so far. */
  get uploads(): number {
    return this.#uploads;
  }

  /** Copies the frame's pixels, scaled down to the GPU's largest texture. The frame may be closed afterwards. */
  upload(frame: Picture): void {
    this.#uploads += 1;
    const engine = this.scene.getEngine();
    const size = textureSize(frame, engine.getCaps().maxTextureSize);
    const target = this.#textureOf(size);
    const image = size.width === frame.width && size.height === frame.height ? frame.image : shrunk(frame.image, size);
    if (engine.isWebGPU) copyToWebGPU(engine as WebGPUEngine, target, image, size);
    else (engine as Engine).updateDynamicTexture(target, image as ImageBitmap, false);
  }

  /** Reads the last upload back, in its size on the GPU; undefined when there is none or a newer one came meanwhile. */
  async read(): Promise<Picture | undefined> {
    const { uploads } = this;
    const { width, height } = this.#size;
    const pixels = await this.texture.readPixels();
    if (!pixels || uploads !== this.#uploads) return undefined;
    const canvas = new OffscreenCanvas(width, height);
    const bytes = new Uint8ClampedArray(4 * width * height);
    bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, bytes.length));
    canvas.getContext('2d', { alpha: false })?.putImageData(new ImageData(bytes, width, height), 0, 0);
    return { image: canvas, width, height };
  }

  #textureOf({ width, height }: Size): InternalTexture {
    const known = this.texture._texture;
    if (known && this.#size.width === width && this.#size.height === height) return known;
    known?.dispose();
    const engine = this.scene.getEngine();
    const made = engine.createDynamicTexture(width, height, false, Constants.TEXTURE_BILINEAR_SAMPLINGMODE);
    this.texture._texture = made;
    this.#size = { width, height };
    return made;
  }

  dispose(): void {
    this.texture.dispose();
  }
}

function shrunk(image: Picture['image'], { width, height }: Size): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('The picture is too large for this browser.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

/** Babylon's public updateDynamicTexture reads `source.width`, which a VideoFrame lacks; its texture helper takes the size. */
function copyToWebGPU(
  engine: WebGPUEngine,
  target: InternalTexture,
  image: Picture['image'],
  { width, height }: Size,
): void {
  engine._textureHelper.updateTexture(image, target, width, height, 1, 'rgba8unorm', 0, 0, false, false, 0, 0);
  target.isReady = true;
}
