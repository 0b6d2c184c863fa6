import type { Size } from '../view/view';
import type { Picture } from './frame-texture';

/** Longer side in pixels of the steps: the frame is scaled down to the first, then up to the others. */
const STEPS = [20, 40, 160] as const;
/** Darkens the blurred video, so that the head stands out. */
const SHADE = 'rgb(8 10 18 / 25%)';

/** Blurs frames by scaling them down and up. The canvases are kept for the next frame of the same shape. */
export class FrameBlur {
  #canvases: readonly OffscreenCanvasRenderingContext2D[] = [];

  /** The result is overwritten by the next call. The frame may be closed afterwards. Throws where 2D canvases fail. */
  blur({ image, width, height }: Picture): Picture & { readonly image: OffscreenCanvas } {
    const sizes = STEPS.map((longer) => scaled({ width, height }, longer));
    if (sizes.some((size, i) => !fits(this.#canvases[i], size))) this.#canvases = sizes.map(create);
    let from = image;
    for (const context of this.#canvases) {
      const { canvas } = context;
      context.drawImage(from, 0, 0, canvas.width, canvas.height);
      from = canvas;
    }
    const [last] = this.#canvases.slice(-1);
    if (!last) throw new Error('No canvas to blur the frame on.');
    last.fillStyle = SHADE;
    last.fillRect(0, 0, last.canvas.width, last.canvas.height);
    return { image: last.canvas, width: last.canvas.width, height: last.canvas.height };
  }
}

function fits(context: OffscreenCanvasRenderingContext2D | undefined, { width, height }: Size): boolean {
  return context?.canvas.width === width && context.canvas.height === height;
}

function create({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false });
  if (!context) throw new Error('This browser has no 2D canvas to blur the background with.');
  context.imageSmoothingQuality = 'high';
  return context;
}

function scaled({ width, height }: Size, longer: number): Size {
  const scale = longer / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
