import { EXPRESSION_NAMES, type ExpressionName } from './types';

/** The 52 values of the network's order by ARKit's names. */
export function nameExpression(values: ArrayLike<number>): Record<ExpressionName, number> {
  return Object.fromEntries(EXPRESSION_NAMES.map((name, i) => [name, values[i]])) as Record<ExpressionName, number>;
}
