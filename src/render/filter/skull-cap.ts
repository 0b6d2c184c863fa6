import { float32At, float64At, uint16At } from '../../face/at';
import type { FaceModel } from '../../face/face-model';
import { borderEdges, outerBorder } from '../mesh/surface-distance';

/** Rings of the cap behind the mesh's border; the last one is a single point. */
const RINGS = 6;
/** Millimetres from the border's centre to the back of the head. */
const BACK = 110;
/** Exponents below 1: the cap is rounder than an ellipsoid. */
const ACROSS = 0.5;
const ALONG = 0.7;

/**
 * Closes the back of the fitted head, where the face model ends at ears and forehead, with half an egg over its border.
 * It stays inside most heads: it hides what is behind the head and nothing beside it.
 */
export class SkullCap {
  /** Vertices of the model, then those of the cap. */
  readonly vertexCount: number;
  /** Triangles of the cap, indices into both. */
  readonly triangles: Uint32Array;
  readonly #border: Uint16Array;
  readonly #centre = new Float64Array(3);
  readonly #first: number;

  constructor(model: Pick<FaceModel, 'triangles' | 'mean' | 'vertexCount'>) {
    const border = outerBorder(model);
    this.#border = Uint16Array.from(border);
    this.#first = model.vertexCount;
    this.vertexCount = model.vertexCount + RINGS * this.#border.length;
    const edges = borderEdges(model.triangles).filter(([a, b]) => border.has(a) && border.has(b));
    this.triangles = Uint32Array.from(this.#strips(edges));
  }

  /** Writes the model's vertices and the cap's, mm in head space, into `out` (vertexCount × 3). */
  write(vertices: Float32Array, out: Float32Array): Float32Array {
    out.set(vertices);
    const centre = this.#centreOf(vertices);
    let to = 3 * this.#first;
    for (let ring = 1; ring <= RINGS; ring++) {
      const angle = (ring / RINGS) * (Math.PI / 2);
      const across = ring === RINGS ? 0 : Math.cos(angle) ** ACROSS;
      const back = BACK * Math.sin(angle) ** ALONG;
      for (let i = 0; i < this.#border.length; i++, to += 3) {
        const from = 3 * uint16At(this.#border, i);
        for (let axis = 0; axis < 3; axis++) {
          const middle = float64At(centre, axis);
          const moved = middle + across * (float32At(vertices, from + axis) - middle);
          out[to + axis] = axis === 2 ? moved - back : moved;
        }
      }
    }
    return out;
  }

  #centreOf(vertices: Float32Array): Float64Array {
    const centre = this.#centre.fill(0);
    for (let i = 0; i < this.#border.length; i++) {
      const from = 3 * uint16At(this.#border, i);
      for (let axis = 0; axis < 3; axis++) centre[axis] = float64At(centre, axis) + float32At(vertices, from + axis);
    }
    for (let axis = 0; axis < 3; axis++) centre[axis] = float64At(centre, axis) / Math.max(1, this.#border.length);
    return centre;
  }

  /** Two triangles between neighbouring rings for each edge of the border. */
  #strips(edges: readonly (readonly [number, number])[]): number[] {
    const place = new Map(Array.from(this.#border, (vertex, i) => [vertex, i] as const));
    const placeOf = (vertex: number) => {
      const found = place.get(vertex);
      if (found === undefined) throw new RangeError(`vertex ${vertex} is not on the border`);
      return found;
    };
    const on = (vertex: number, ring: number) =>
      ring === 0 ? vertex : this.#first + (ring - 1) * this.#border.length + placeOf(vertex);
    const out: number[] = [];
    for (const [a, b] of edges) {
      for (let ring = 0; ring < RINGS; ring++) {
        out.push(on(b, ring), on(a, ring), on(a, ring + 1), on(b, ring), on(a, ring + 1), on(b, ring + 1));
      }
    }
    return out;
  }
}
