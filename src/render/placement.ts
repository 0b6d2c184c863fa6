import { Vector2, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { DepthRange } from './crop-projection';
import { type Fit, type FrameView, fitFrame, type Size } from './view';

/** Where the frame lies on the canvas now, as the layers' shaders want it. One object, written anew for each picture. */
export class Placement {
  readonly frameToClip = new Vector4();
  readonly frameSize = new Vector2(1, 1);
  view: FrameView = { scaleX: 1, scaleY: -1, offsetX: 0, offsetY: 0, zoom: 1 };

  /** Canvas pixels per CSS pixel. */
  pixelRatio = 1;

  constructor(readonly depthRange: DepthRange) {}

  update(canvas: Size, frame: Size, fit: Fit, mirror: boolean): void {
    this.view = fitFrame(canvas, frame, fit, mirror);
    this.frameToClip.set(this.view.scaleX, this.view.scaleY, this.view.offsetX, this.view.offsetY);
    this.frameSize.set(frame.width, frame.height);
  }
}
