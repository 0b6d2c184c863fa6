import { Camera } from '@babylonjs/core/Cameras/camera';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';
import type { DepthRange } from '../view/crop-projection';
import { setMirrored } from '../view/mirroring';
import type { Size } from '../view/view';
import { FIELD, studioDistance } from './studio';

const NEAR = 50;
const FAR = 8000;

/** A camera in front of an avatar whose eyes are at 0, in millimetres. */
export class StudioCamera extends Camera {
  readonly #projection = Matrix.Identity();
  readonly #eye = Vector3.Zero();

  constructor(scene: Scene) {
    super('studio', Vector3.Zero(), scene);
    this.freezeProjectionMatrix(this.#projection);
  }

  /** `below`: distance of the picture's centre below the eyes, mm. */
  frameHead(canvas: Size, mirror: boolean, range: DepthRange, below: number): void {
    const aspect = canvas.width / canvas.height;
    Matrix.PerspectiveFovRHToRef(FIELD, aspect, NEAR, FAR, this.#projection, true, range === 'half');
    // Row vectors: the first column is clip space's x.
    if (mirror) this.#projection.multiplyToRef(Matrix.Scaling(-1, 1, 1), this.#projection);
    this.position.set(0, -below, studioDistance(canvas));
    this.#eye.copyFrom(this.position);
    setMirrored(this.getScene(), mirror, this.#eye);
    this.getViewMatrix(true);
  }

  override _getViewMatrix(): Matrix {
    return Matrix.Translation(0, -this.position.y, -this.position.z);
  }
}
