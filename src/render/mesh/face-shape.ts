import { type FaceModel, modelAlbedo, modelVertices, vertexNormals } from '../../face/face-model';
import type { Coefficients } from '../../face/types';

/** One face's whole mesh from its coefficients. The arrays are reused: they hold the last coefficients given to `setCoefficients`. */
export class FaceShape {
  /** V × 3, millimetres. */
  readonly vertices: Float32Array;
  /** V × 3, of unit length. */
  readonly normals: Float32Array;
  /** V × 3, linear RGB. */
  readonly albedo: Float32Array;

  #coefficients: Coefficients | undefined;
  #hasAlbedo = false;

  constructor(private readonly model: FaceModel) {
    this.vertices = new Float32Array(3 * model.vertexCount);
    this.normals = new Float32Array(3 * model.vertexCount);
    this.albedo = new Float32Array(3 * model.vertexCount);
  }

  /** Evaluates the mesh, and the albedo on request. The same coefficients are evaluated once. */
  setCoefficients(coefficients: Coefficients, withAlbedo: boolean): this {
    const { identity, expression, albedo } = coefficients;
    if (this.#coefficients !== coefficients) {
      modelVertices(this.model, identity, expression, this.vertices);
      vertexNormals(this.model, this.vertices, this.normals);
      this.#coefficients = coefficients;
      this.#hasAlbedo = false;
    }
    if (withAlbedo && !this.#hasAlbedo) {
      modelAlbedo(this.model, albedo, this.albedo);
      this.#hasAlbedo = true;
    }
    return this;
  }
}
