import { Camera } from '@babylonjs/core/Cameras/camera';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';
import type { CropCamera } from '../../face/types';
import { cropLens } from './crop-projection';
import { setMirrored } from './mirroring';
import type { Placement } from './placement';

/**
 * The crop's camera for Babylon.js's own materials. World axes are the camera's (x right, y up, z to the viewer, mm)
 * with the face model's origin at 0: lights and reflections are fixed to the room and not to the head.
 */
export class FaceCamera extends Camera {
  readonly #lens = new Float32Array(16);
  readonly #projection = Matrix.Identity();
  readonly #eye = Vector3.Zero();

  constructor(scene: Scene) {
    super('face', Vector3.Zero(), scene);
    this.freezeProjectionMatrix(this.#projection);
  }

  /** `depth`: millimetres from the viewer to the model's origin. */
  setCropCamera(camera: CropCamera, depth: number, { view, depthRange }: Placement): void {
    Matrix.FromArrayToRef(cropLens(camera, depth, view, depthRange, this.#lens), 0, this.#projection);
    this.position.set(0, 0, camera.distance);
    this.#eye.copyFrom(this.position);
    setMirrored(this.getScene(), view.scaleX < 0, this.#eye);
    this.getViewMatrix(true);
  }

  /** The point at clip coordinates x, y and `z` mm towards the viewer from the model's origin, into `out`. */
  pointAt(x: number, y: number, z: number, out: Vector3): Vector3 {
    const away = this.position.z - z;
    const [scaleX = 1, scaleY = 1, shiftX = 0, shiftY = 0] = [0, 5, 8, 9].map((i) => this.#lens[i]);
    return out.copyFromFloats((away * (x + shiftX)) / scaleX, (away * (y + shiftY)) / scaleY, z);
  }

  override _getViewMatrix(): Matrix {
    return Matrix.Translation(0, 0, -this.position.z);
  }
}
