import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Matrix } from '@babylonjs/core/Maths/math.vector';
import type { FaceModel } from '../../face/face-model';
import type { Face } from '../../face/types';
import { cropProjection, lightRotation } from '../view/crop-projection';
import type { Placement } from '../view/placement';
import type { FaceShape } from './face-shape';

/** One way to draw a fitted face. */
export interface Surface {
  /** `opacity` 0 to 1; `shape` holds the face's vertices. */
  showSurface(face: Face, shape: FaceShape, placement: Placement, opacity: number): void;
  hideSurface(): void;
  dispose(): void;
}

/** Writes the uniforms `projection` and `lightRotation`. */
export class SurfaceCamera {
  readonly #numbers = new Float32Array(16);
  readonly #projection = Matrix.Identity();
  readonly #rotation = Matrix.Identity();

  constructor(private readonly model: FaceModel) {}

  bindCamera(material: ShaderMaterial, face: Face, { view, depthRange }: Placement): void {
    const depth = -face.pose.translation[2];
    cropProjection(face.camera, this.model.origin, depth, view, depthRange, this.#numbers);
    Matrix.FromArrayToRef(this.#numbers, 0, this.#projection);
    lightRotation(face.camera, face.crop.angle, this.#numbers.fill(0));
    Matrix.FromArrayToRef(this.#numbers, 0, this.#rotation);
    material.setMatrix('projection', this.#projection);
    material.setMatrix('lightRotation', this.#rotation);
  }
}
