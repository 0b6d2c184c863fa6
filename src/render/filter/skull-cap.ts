import type { FaceModel } from '../../face/face-model';
import { borderEdges, outerBorder } from '../mesh/surface-distance';

/** Rings of the cap behind the mesh's border, the last of them one point. */
const RINGS = 6;
/** Millimetres from the border's centre to the back of the head. */
const BACK = 110;
/** Below 1: rounder than an ellipsoid, as skulls are. */
const ACROSS = 0.5;
const ALONG = 0.7;

/**
 * Closes the fitted head behind, where the face model ends at ears and forehead: half an egg over its border. It
 * stays inside of most heads, so that it hides what is behind the head and nothing beside it.
 */
export class SkullCap {
  /** Vertices of the model, then those of the cap. */
  readonly vertexCount: number;
  /** Triangles of the cap, indices into both. */
  readonly triangles: Uint32Array;
  readonly #border: readonly number[];
  readonly #first: number;

  constructor(model: Pick<FaceModel, 'triangles' | 'mean' | 'vertexCount'>) {
    const border = outerBorder(model);
    this.#border = [...border];
    this.#first = model.vertexCount;
    this.vertexCount = model.vertexCount + RINGS * this.#border.length;
    const edges = borderEdges(model.triangles).filter(([a, b]) => border.has(a) && border.has(b));
    this.triangles = Uint32Array.from(this.#strips(edges));
  }

  /** Writes the model's vertices and the cap's, mm in head space, into `out` (vertexCount × 3). */
  write(vertices: Float32Array, out: Float32Array): Float32Array {
    out.set(vertices);
    const centre = this.#centre(vertices);
    let to = 3 * this.#first;
    for (let ring = 1; ring <= RINGS; ring++) {
      const angle = (ring / RINGS) * (Math.PI / 2);
      const across = ring === RINGS ? 0 : Math.cos(angle) ** ACROSS;
      const along = BACK * Math.sin(angle) ** ALONG;
      for (const vertex of this.#border) {
        for (let axis = 0; axis < 3; axis++) {
          const middle = centre[axis] ?? 0;
          const back = axis === 2 ? along : 0;
          out[to++] = middle + across * ((vertices[3 * vertex + axis] ?? 0) - middle) - back;
        }
      }
    }
    return out;
  }

  #centre(vertices: Float32Array): number[] {
    const sum = [0, 0, 0];
    for (const vertex of this.#border)
      for (let axis = 0; axis < 3; axis++) sum[axis] = (sum[axis] ?? 0) + (vertices[3 * vertex + axis] ?? 0);
    return sum.map((value) => value / Math.max(1, this.#border.length));
  }

  /** Two triangles between neighbouring rings for each edge of the border. */
  #strips(edges: readonly (readonly [number, number])[]): number[] {
    const place = new Map(this.#border.map((vertex, i) => [vertex, i]));
    const on = (vertex: number, ring: number) =>
      ring === 0 ? vertex : this.#first + (ring - 1) * this.#border.length + (place.get(vertex) ?? 0);
    const out: number[] = [];
    for (const [a, b] of edges) {
      for (let ring = 0; ring < RINGS; ring++) {
        out.push(on(b, ring), on(a, ring), on(a, ring + 1), on(b, ring), on(a, ring + 1), on(b, ring + 1));
      }
    }
    return out;
  }
}
