import type { Scene } from '@babylonjs/core/scene';
import { Placement } from '../view/placement';
import type { Size } from '../view/view';
import { FrameTexture, type Picture } from './frame-texture';
import { VideoLayer } from './video-layer';

/** Pixels of the blurred frame's longer side, before and after it is smoothed. */
const COARSE = 20;
const SMOOTH = 160;
/** How dark the blurred video is, so that what is before it stands out. */
const SHADE = 'rgb(8 10 18 / 25%)';

/** What is behind a studio's head: the video blurred, or a picture; each fills the canvas. */
export class BackgroundLayer {
  readonly #placement = new Placement('full');
  readonly #blurred: Backing;
  readonly #picture: Backing;

  constructor(scene: Scene) {
    this.#blurred = new Backing(scene);
    this.#picture = new Backing(scene);
  }

  /** Takes a frame for the blurred video. */
  blur({ image, width, height }: Picture): void {
    const small = scaled({ width, height }, COARSE);
    const large = scaled({ width, height }, SMOOTH);
    const coarse = drawn(image, small);
    const twice = drawn(coarse, scaled({ width, height }, 2 * COARSE));
    const smooth = drawn(twice, large, SHADE);
    this.#blurred.upload({ image: smooth, ...large });
  }

  /** The picture's pixels are copied; the caller still owns it. */
  setPicture(picture: ImageBitmap): void {
    this.#picture.upload({ image: picture, width: picture.width, height: picture.height });
  }

  /** Null: neither. The blurred video is mirrored with the rest, a picture never. */
  showBackground(kind: 'blur' | 'picture' | null, canvas: Size, mirror: boolean): void {
    this.#blurred.showBacking(kind === 'blur', canvas, mirror, this.#placement);
    this.#picture.showBacking(kind === 'picture', canvas, false, this.#placement);
  }

  dispose(): void {
    this.#blurred.dispose();
    this.#picture.dispose();
  }
}

/** One picture over the whole canvas; made when there is one. */
class Backing {
  #parts: { readonly texture: FrameTexture; readonly layer: VideoLayer; size: Size } | undefined;

  constructor(private readonly scene: Scene) {}

  upload(picture: Picture): void {
    if (!this.#parts) {
      const texture = new FrameTexture(this.scene);
      this.#parts = { texture, layer: new VideoLayer(this.scene, texture), size: picture };
    }
    this.#parts.size = { width: picture.width, height: picture.height };
    this.#parts.texture.upload(picture);
  }

  showBacking(enabled: boolean, canvas: Size, mirror: boolean, placement: Placement): void {
    if (!this.#parts) return;
    const { layer, size } = this.#parts;
    layer.setEnabled(enabled);
    placement.update(canvas, size, 'cover', mirror);
    if (enabled) layer.placeFrame(placement);
  }

  dispose(): void {
    this.#parts?.layer.dispose();
    this.#parts?.texture.dispose();
    this.#parts = undefined;
  }
}

function scaled({ width, height }: Size, longer: number): Size {
  const scale = longer / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function drawn(image: Picture['image'], { width, height }: Size, shade?: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('No 2D canvas to blur the background with.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  if (shade) {
    context.fillStyle = shade;
    context.fillRect(0, 0, width, height);
  }
  return canvas;
}
