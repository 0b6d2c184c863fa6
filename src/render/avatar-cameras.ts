import { Camera } from '@babylonjs/core/Cameras/camera';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';
import type { DepthRange } from './crop-projection';
import type { Size } from './view';

/** Vertical field of view of the studio's camera: a portrait's, from a little further away. */
const FIELD = (26 * Math.PI) / 180;
const NEAR = 50;
const FAR = 8000;
/** What has to be seen, mm: so much to each side, up and down of the eyes. */
const SIDE = 150;
const HEIGHT = 400;
/** The picture's middle lies this far below the eyes, mm. */
const BELOW = 22;

/** Looks straight at an avatar whose eyes are at 0, in millimetres; a narrow picture is taken from further away. */
export class StudioCamera extends Camera {
  readonly #projection = Matrix.Identity();
  readonly #eye = Vector3.Zero();

  constructor(scene: Scene) {
    super('studio', Vector3.Zero(), scene);
    this.freezeProjectionMatrix(this.#projection);
  }

  /** Canvas pixels per millimetre at the avatar's eyes, and where they are in clip space. */
  frame(canvas: Size, mirror: boolean, range: DepthRange): { readonly zoom: number; readonly eyesY: number } {
    const aspect = canvas.width / canvas.height;
    const height = Math.max(HEIGHT, (2 * SIDE) / aspect);
    const distance = height / (2 * Math.tan(FIELD / 2));
    const half = range === 'half';
    Matrix.PerspectiveFovRHToRef(FIELD, aspect, NEAR, FAR, this.#projection, true, half);
    if (mirror) Matrix.Scaling(-1, 1, 1).multiplyToRef(this.#projection, this.#projection);
    this.position.set(0, -BELOW, distance);
    this.#eye.copyFrom(this.position);
    this.getScene()._mirroredCameraPosition = mirror ? this.#eye : null;
    this.getViewMatrix(true);
    return { zoom: canvas.height / height, eyesY: (2 * BELOW) / height };
  }

  override _getViewMatrix(): Matrix {
    return Matrix.Translation(0, -this.position.y, -this.position.z);
  }
}
