import type { TrackedFrame } from '../../face/types';
import { context2d, occlusionMask } from '../../occlusion/occlusion-mask';
import { canvasPng } from '../../render/canvas-png';
import { DEFAULT_STAGE_OPTIONS, type StageOptions } from '../../render/stage-options';
import type { Stage, StageEvents } from '../../render/stage-types';

/** A stage of the page: Babylon.js's, or one that draws in 2D. */
export type PageStage = Omit<Stage, 'engine'> & { readonly engine: Stage['engine'] | '2d' };

/** Colour of occluders, over the picture. */
const MASK_COLOUR = 'rgb(224 80 60 / 55%)';
const POINT_COLOUR = '#7ee0c2';
/** Diameter of a landmark in shares of the frame's longer side. */
const POINT_SIZE = 1 / 220;
/** Values per landmark. */
const STRIDE = 3;

type Events = Pick<StageEvents, 'onDrawn' | 'onError'>;

/**
 * A stage without 3D, where the browser has neither WebGPU nor WebGL 2: it draws the frame, the landmarks and the mask of
 * the occluders on a 2D canvas. Models, filters and avatars are ignored. Throws where the canvas has no 2D context.
 */
export function createPlainStage(canvas: HTMLCanvasElement, events: Events): PageStage {
  return new PlainStage(canvas, events);
}

class PlainStage implements PageStage {
  readonly engine = '2d';
  readonly lost = new Promise<string>(() => {});
  readonly surroundsFaces = false;
  readonly #context: CanvasRenderingContext2D;
  readonly #picture = new OffscreenCanvas(1, 1);
  readonly #resizes = new ResizeObserver(() => this.#draw());
  #options = DEFAULT_STAGE_OPTIONS;
  #shown: TrackedFrame | undefined;
  #box = { x: 0, y: 0, width: 1, height: 1 };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly events: Events,
  ) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#context = context;
    this.#resizes.observe(canvas);
  }

  showFrame(tracked: TrackedFrame): void {
    const { image, width, height } = tracked.frame;
    try {
      Object.assign(this.#picture, { width, height });
      context2d(this.#picture).drawImage(image, 0, 0, width, height);
      this.#shown = tracked;
      this.#draw();
    } catch (error) {
      this.events.onError?.(error);
      return;
    }
    this.events.onDrawn?.(tracked);
  }

  clearFrame(): void {
    this.#shown = undefined;
    this.#draw();
  }

  setOptions(options: Partial<StageOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#draw();
  }

  setModel(): void {}

  setFilters(): void {}

  async setAvatar(): Promise<null> {
    return null;
  }

  setBackdropPicture(): void {}

  isReady(): boolean {
    return true;
  }

  get view(): Stage['view'] {
    return { canvas: this.canvas, box: this.#box };
  }

  screenshot(): Promise<Blob> {
    this.#draw();
    return canvasPng(this.canvas, this.#box);
  }

  dispose(): void {
    this.#resizes.disconnect();
    this.#shown = undefined;
  }

  #draw(): void {
    const { canvas } = this;
    const context = this.#context;
    // Setting the size clears the canvas.
    Object.assign(canvas, { width: canvas.clientWidth || 1, height: canvas.clientHeight || 1 });
    const shown = this.#shown;
    if (!shown) return;
    const { width, height } = this.#picture;
    const extreme = this.#options.fit === 'cover' ? Math.max : Math.min;
    const scale = extreme(canvas.width / width, canvas.height / height);
    this.#box = boxOf(canvas, width * scale, height * scale);
    context.setTransform(this.#options.mirror ? -scale : scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
    context.translate(-width / 2, -height / 2);
    context.drawImage(this.#picture, 0, 0);
    if (this.#shows('mask')) context.drawImage(tintedMask(shown), 0, 0, width, height);
    if (this.#shows('points')) drawPoints(context, shown);
  }

  /** A look stands for all that is drawn on a face. */
  #shows(overlay: 'mask' | 'points'): boolean {
    return this.#options.look !== 'none' || this.#options.overlays[overlay];
  }
}

/** The part of the canvas that a picture in its middle fills. */
function boxOf(canvas: HTMLCanvasElement, wide: number, high: number) {
  const [width, height] = [Math.min(canvas.width, Math.round(wide)), Math.min(canvas.height, Math.round(high))];
  const x = Math.floor((canvas.width - width) / 2);
  const y = Math.floor((canvas.height - height) / 2);
  return { x, y, width: Math.max(1, width), height: Math.max(1, height) };
}

function tintedMask(tracked: TrackedFrame): OffscreenCanvas {
  const mask = occlusionMask(tracked);
  const context = context2d(mask);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = MASK_COLOUR;
  context.fillRect(0, 0, mask.width, mask.height);
  return mask;
}

/** Landmarks are at pixel centres; the canvas's coordinates begin at the corner. */
function drawPoints(context: CanvasRenderingContext2D, { frame, faces }: TrackedFrame): void {
  const size = POINT_SIZE * Math.max(frame.width, frame.height);
  context.fillStyle = POINT_COLOUR;
  for (const { landmarks478 } of faces) {
    for (let i = 0; i + 1 < landmarks478.length; i += STRIDE) {
      const [x = 0, y = 0] = landmarks478.subarray(i, i + 2);
      context.fillRect(x + 0.5 - size / 2, y + 0.5 - size / 2, size, size);
    }
  }
}
