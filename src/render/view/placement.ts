import { Vector2, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { DepthRange } from './crop-projection';
import { type Fit, type FrameView, fitFrame, type Place, placeFrame, type Size } from './view';

/** Where the frame lies on the canvas now, as the layers' shaders want it. One object, written anew for each picture. */
export class Placement {
  readonly frameToClip = new Vector4();
  readonly frameSize = new Vector2(1, 1);
  view: FrameView = { scaleX: 1, scaleY: -1, offsetX: 0, offsetY: 0, zoom: 1 };

  /** Canvas pixels per CSS pixel. */
  pixelRatio = 1;

  constructor(readonly depthRange: DepthRange) {}

  update(canvas: Size, frame: Size, fit: Fit, mirror: boolean): void {
    this.#take(fitFrame(canvas, frame, fit, mirror), frame);
  }

  /** Lays the frame so that one of its points comes to a place of the canvas. */
  at(canvas: Size, frame: Size, mirror: boolean, place: Place): void {
    this.#take(placeFrame(canvas, mirror, place), frame);
  }

  #take(view: FrameView, frame: Size): void {
    this.view = view;
    this.frameToClip.set(this.view.scaleX, this.view.scaleY, this.view.offsetX, this.view.offsetY);
    this.frameSize.set(frame.width, frame.height);
  }
}
