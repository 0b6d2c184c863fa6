import {
  EXPRESSION_NAMES,
  type Expression,
  type ExpressionName,
  type Face,
  type FaceData,
  type RawFace,
  type RawFaceData,
} from './types';

const INDICES: ReadonlyMap<string, number> = new Map(EXPRESSION_NAMES.map((name, i) => [name, i]));

/** Index of an expression in EXPRESSION_NAMES and in every array of 52 values. Throws RangeError for an unknown name. */
export function expressionIndex(name: ExpressionName): number {
  const index = INDICES.get(name);
  if (index === undefined) throw new RangeError(`'${String(name)}' is not one of ARKit's expression names`);
  return index;
}

/**
 * 52 values by name, as a view: nothing is copied, and a later change of the array shows. Each name is an enumerable
 * getter of the object itself, so that Object.entries, spread, JSON.stringify and structuredClone give plain values.
 * Creation takes about 7 µs and 140 bytes; hot paths read the array by `expressionIndex` instead.
 */
class ExpressionView {
  readonly #values: Float32Array;

  constructor(values: Float32Array) {
    this.#values = values;
    for (const { name, descriptor } of ExpressionView.#GETTERS) Object.defineProperty(this, name, descriptor);
  }

  static readonly #GETTERS = EXPRESSION_NAMES.map((name, i) => ({
    name,
    descriptor: {
      enumerable: true,
      get(this: ExpressionView) {
        return this.#values[i];
      },
    },
  }));
}

/** The values by ARKit's names, without a copy. Throws RangeError unless there are 52. */
export function viewExpression(values: Float32Array): Expression {
  if (values.length !== EXPRESSION_NAMES.length) {
    throw new RangeError(`expression: ${values.length} values instead of ${EXPRESSION_NAMES.length}`);
  }
  return new ExpressionView(values) as unknown as Expression;
}

/** The face with its expression as measured: no resting face is subtracted. Shares all arrays with `data`. */
export function faceOf(data: FaceData): Face {
  const { expression } = data.coefficients;
  return { ...data, expressionValues: expression, restingFace: null, expression: viewExpression(expression) };
}

/** The same for a face before smoothing. */
export function rawFaceOf(data: RawFaceData): RawFace {
  return { ...data, expression: viewExpression(data.expressionValues) };
}
