import { Camera } from '@babylonjs/core/Cameras/camera';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine';
import { Color4 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import { Scene } from '@babylonjs/core/scene';
import type { Backdrop } from './stage-options';

/** Around a frame that does not fill the canvas. */
const AROUND = new Color4(0.035, 0.043, 0.063, 1);
const TRANSPARENT = new Color4(0, 0, 0, 0);

/** Colour behind everything; `backdrop` null outside of a studio. */
export function backgroundColour(backdrop: Backdrop | null): Color4 {
  if (backdrop === 'transparent') return TRANSPARENT;
  return backdrop?.startsWith('#') ? Color4.FromHexString(`${backdrop}ff`) : AROUND;
}

/** A scene for layers whose shaders place everything themselves; Babylon requires a camera all the same. */
export function layerScene(engine: AbstractEngine): Scene {
  const scene = new Scene(engine);
  scene.useRightHandedSystem = true;
  scene.clearColor = AROUND;
  scene.activeCamera = new Camera('none', Vector3.Zero(), scene);
  scene.skipPointerMovePicking = true;
  return scene;
}
