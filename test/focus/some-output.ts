import { type NetworkOutput, OUTPUT_LENGTHS } from '../../src/focus/network-output';
import { seededVector } from '../face/tiny-face-model';

/** An answer of random numbers, other ones for each seed; expressions are positive. */
export function someOutput(seed: number): NetworkOutput {
  const entries = Object.entries(OUTPUT_LENGTHS).map(
    ([name, lengths], i) => [name, seededVector(seed + i, lengths.at(-1) ?? 0)] as const,
  );
  const output = Object.fromEntries(entries) as unknown as NetworkOutput;
  return { ...output, expression: output.expression.map(Math.abs) };
}
