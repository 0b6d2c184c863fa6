import { type FaceModel, modelAlbedo, modelVertices, vertexNormals } from '../face/face-model';
import type { Coefficients } from '../face/types';

/** One face's whole mesh from its coefficients. The arrays are reused: they hold the last face given to `set`. */
export class FaceShape {
  /** V × 3, millimetres. */
  readonly vertices: Float32Array;
  /** V × 3, of unit length. */
  readonly normals: Float32Array;
  /** V × 3, linear RGB. */
  readonly albedo: Float32Array;

  constructor(private readonly model: FaceModel) {
    this.vertices = new Float32Array(3 * model.vertexCount);
    this.normals = new Float32Array(3 * model.vertexCount);
    this.albedo = new Float32Array(3 * model.vertexCount);
  }

  /** The albedo is left out where nobody looks at it. */
  set({ identity, expression, albedo }: Coefficients, withAlbedo: boolean): void {
    modelVertices(this.model, identity, expression, this.vertices);
    vertexNormals(this.model, this.vertices, this.normals);
    if (withAlbedo) modelAlbedo(this.model, albedo, this.albedo);
  }
}
