import { float32At } from '../../../face/at';
import { type FaceModel, modelVertices, vertexNormals } from '../../../face/face-model';
import { EXPRESSION_NAMES } from '../../../face/types';
import { SkinPoints } from './points';

/** A rectangle of the model's UVs. */
export interface UvBox {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export interface SheetOptions {
  readonly box: UvBox;
  readonly columns: number;
  readonly rows: number;
  /** Number of smoothing passes (mean of the neighbours): bridges dents of the skin. */
  readonly smoothing: number;
  /** Millimetres above the skin. */
  readonly lift: number;
}

const NEUTRAL = new Float32Array(EXPRESSION_NAMES.length);
/** Change of identity, standard deviations, above which the sheet is rebuilt. */
const CHANGE = 0.1;

/** A rigid sheet over a person's resting face, for masks: a grid of points in the model's millimetres. */
export class SkinSheet {
  /** Rows × columns × 3, from the lower left. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  /** 0 to 1 over the box, for textures of the box. */
  readonly boxUvs: Float32Array;
  readonly triangles: Uint16Array;
  /** Triangles of the whole grid; the sheet uses those that it covers. */
  readonly #all: Uint16Array;
  readonly #points: SkinPoints;
  readonly #vertices: Float32Array;
  readonly #smooth: Float32Array;
  readonly #identity: Float32Array;

  /** `keep`: whether the sheet covers a UV. */
  constructor(
    private readonly model: FaceModel,
    private readonly options: SheetOptions,
    keep: (u: number, v: number) => boolean,
  ) {
    const { columns, rows, box } = options;
    this.uvs = new Float32Array(2 * columns * rows);
    for (let i = 0; i < columns * rows; i++) {
      this.uvs[2 * i] = box.left + ((box.right - box.left) * (i % columns)) / (columns - 1);
      this.uvs[2 * i + 1] = box.bottom + ((box.top - box.bottom) * Math.floor(i / columns)) / (rows - 1);
    }
    this.boxUvs = this.uvs.map((uv, i) =>
      i % 2 === 0 ? (uv - box.left) / (box.right - box.left) : (uv - box.bottom) / (box.top - box.bottom),
    );
    this.#points = new SkinPoints(model, this.uvs);
    this.positions = new Float32Array(3 * columns * rows);
    this.normals = new Float32Array(3 * columns * rows);
    this.#smooth = new Float32Array(3 * columns * rows);
    this.#vertices = new Float32Array(model.mean.length);
    this.#identity = new Float32Array(80).fill(Number.NaN);
    this.triangles = this.#covered(keep);
    this.#all = this.#covered(() => true);
  }

  /** Fits the sheet to a person's identity (80, standard deviations); false if unchanged. */
  shape(identity: Float32Array): boolean {
    const change = identity.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - float32At(this.#identity, i))),
      0,
    );
    if (change < CHANGE) return false;
    this.#identity.set(identity);
    modelVertices(this.model, identity, NEUTRAL, this.#vertices);
    this.#points.evaluate(this.#vertices, this.positions);
    for (let i = 0; i < this.options.smoothing; i++) this.#relax();
    vertexNormals({ triangles: this.#all }, this.positions, this.normals);
    for (let i = 0; i < this.positions.length; i++) {
      this.positions[i] = float32At(this.positions, i) + this.options.lift * float32At(this.normals, i);
    }
    return true;
  }

  /** The point of the sheet at a UV, mm, moved along its normal by `lift`. */
  at(u: number, v: number, lift = 0): [number, number, number] {
    const { columns, rows, box } = this.options;
    const x = Math.min(Math.max(((u - box.left) / (box.right - box.left)) * (columns - 1), 0), columns - 1.001);
    const y = Math.min(Math.max(((v - box.bottom) / (box.top - box.bottom)) * (rows - 1), 0), rows - 1.001);
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [s, t] = [x - column, y - row];
    const first = 3 * (row * columns + column);
    const value = (axis: number) => {
      const of = (i: number) => float32At(this.positions, i + axis) + lift * float32At(this.normals, i + axis);
      const lower = (1 - s) * of(first) + s * of(first + 3);
      return (1 - t) * lower + t * ((1 - s) * of(first + 3 * columns) + s * of(first + 3 * columns + 3));
    };
    return [value(0), value(1), value(2)];
  }

  #relax(): void {
    const { columns, rows } = this.options;
    this.#smooth.set(this.positions);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const i = row * columns + column;
        const [left, right] = [column > 0 ? i - 1 : i, column < columns - 1 ? i + 1 : i];
        const [below, above] = [row > 0 ? i - columns : i, row < rows - 1 ? i + columns : i];
        for (let axis = 0; axis < 3; axis++) {
          const of = (k: number) => float32At(this.#smooth, 3 * k + axis);
          this.positions[3 * i + axis] = (of(left) + of(right) + of(below) + of(above)) / 4;
        }
      }
    }
  }

  #covered(keep: (u: number, v: number) => boolean): Uint16Array {
    const { columns, rows } = this.options;
    const triangles: number[] = [];
    const add = (a: number, b: number, c: number) => {
      const mean = (axis: number) => [a, b, c].reduce((sum, i) => sum + float32At(this.uvs, 2 * i + axis) / 3, 0);
      if (keep(mean(0), mean(1))) triangles.push(a, b, c);
    };
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const i = row * columns + column;
        add(i, i + 1, i + columns + 1);
        add(i, i + columns + 1, i + columns);
      }
    }
    return Uint16Array.from(triangles);
  }
}
