import { EXPRESSION_NAMES, type ExpressionName } from './types';

/** The 52 values of the network's order by ARKit's names. */
export function nameExpression(values: ArrayLike<number>): Record<ExpressionName, number> {
  return Object.fromEntries(EXPRESSION_NAMES.map((name, i) => [name, values[i]])) as Record<ExpressionName, number>;
}

/** Named values in the network's order. */
export function expressionValues(named: Readonly<Record<ExpressionName, number>>): Float32Array {
  return Float32Array.from(EXPRESSION_NAMES, (name) => named[name]);
}
