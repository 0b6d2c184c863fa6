import { Vector2, Vector4 } from '@babylonjs/core/Maths/math.vector';
import type { DepthRange } from './crop-projection';
import type { FrameView, Size } from './view';

/** Position of the frame on the canvas in one drawing. Computed once, before the layers are placed. */
export interface Placement {
  readonly view: FrameView;
  /** Scale x, y and offset x, y from frame pixels to clip space, for shaders. */
  readonly frameToClip: Vector4;
  /** Frame pixels, for shaders. */
  readonly frameSize: Vector2;
  /** Canvas pixels per CSS pixel. */
  readonly pixelRatio: number;
  readonly depthRange: DepthRange;
}

/** `depthRange`: the engine's, see `depthRangeOf`. */
export function createPlacement(view: FrameView, frame: Size, depthRange: DepthRange, pixelRatio = 1): Placement {
  const { scaleX, scaleY, offsetX, offsetY } = view;
  return {
    view,
    frameToClip: new Vector4(scaleX, scaleY, offsetX, offsetY),
    frameSize: new Vector2(frame.width, frame.height),
    pixelRatio,
    depthRange,
  };
}

/** Range of clip z on this engine. */
export function depthRangeOf({ isNDCHalfZRange }: { readonly isNDCHalfZRange: boolean }): DepthRange {
  return isNDCHalfZRange ? 'half' : 'full';
}
