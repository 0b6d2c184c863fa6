import type { Scene } from '@babylonjs/core/scene';
import { createPlacement } from '../view/placement';
import { fitFrame, type Size } from '../view/view';
import { FrameBlur } from './frame-blur';
import { FrameTexture, type Picture } from './frame-texture';
import { VideoLayer } from './video-layer';

/** The background of a studio: the blurred video or a picture. Each fills the canvas. */
export class BackgroundLayer {
  readonly #blur = new FrameBlur();
  readonly #blurred: Backing;
  readonly #picture: Backing;

  constructor(scene: Scene) {
    this.#blurred = new Backing(scene);
    this.#picture = new Backing(scene);
  }

  /** Blurs a frame for the backdrop `blur`. */
  blurFrame(frame: Picture): void {
    this.#blurred.upload(this.#blur.blur(frame));
  }

  /** Copies the picture's pixels; the caller still owns it. */
  setPicture(picture: ImageBitmap): void {
    this.#picture.upload({ image: picture, width: picture.width, height: picture.height });
  }

  /** Null shows neither. The blurred video is mirrored with the rest, a picture never. */
  showBackground(kind: 'blur' | 'picture' | null, canvas: Size, mirror: boolean): void {
    this.#blurred.showBacking(kind === 'blur', canvas, mirror);
    this.#picture.showBacking(kind === 'picture', canvas, false);
  }

  dispose(): void {
    this.#blurred.dispose();
    this.#picture.dispose();
  }
}

/** One picture over the whole canvas, created with its first upload. */
class Backing {
  #made: { readonly texture: FrameTexture; readonly layer: VideoLayer; size: Size } | undefined;

  constructor(private readonly scene: Scene) {}

  upload(picture: Picture): void {
    if (!this.#made) {
      const texture = new FrameTexture(this.scene);
      this.#made = { texture, layer: new VideoLayer(this.scene, texture), size: picture };
    }
    this.#made.size = { width: picture.width, height: picture.height };
    this.#made.texture.upload(picture);
  }

  showBacking(enabled: boolean, canvas: Size, mirror: boolean): void {
    if (!this.#made) return;
    const { layer, size } = this.#made;
    layer.setEnabled(enabled);
    if (enabled) layer.placeFrame(createPlacement(fitFrame(canvas, size, 'cover', mirror), size, 'full'));
  }

  dispose(): void {
    this.#made?.layer.dispose();
    this.#made?.texture.dispose();
    this.#made = undefined;
  }
}
