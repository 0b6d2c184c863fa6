import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Random, seededRandom } from './mutate';

/** Inputs per target; `npm run fuzz` sets 10,000. */
export const INPUTS = Number(process.env.PEEKABOO_FUZZ ?? 300);
const SEED = Number(process.env.PEEKABOO_FUZZ_SEED ?? 1);
/** Milliseconds that one input may take. */
const LONGEST = 5_000;
/** Bytes by which the process may grow while a target runs. */
const MOST_GROWTH = 768 * 2 ** 20;
/** Milliseconds for all inputs of one target. */
export const TIME_LIMIT = 60_000 + INPUTS * 100;

/** accepted: the input was used; refused: it was refused with a message for the user. */
export type Verdict = 'accepted' | 'refused';

/**
 * Gives a target mutated inputs, and fails with the seed of the first input that throws anything else than what `target`
 * expects, takes longer than 5 s or needs too much memory.
 */
export async function fuzz(name: string, target: (random: Random) => Verdict | Promise<Verdict>): Promise<void> {
  const counts = { accepted: 0, refused: 0 };
  const before = process.memoryUsage().rss;
  let longest = 0;
  let largest = before;
  for (let i = 0; i < INPUTS; i += 1) {
    const seed = SEED * 1_000_003 + i;
    const began = performance.now();
    try {
      counts[await target(seededRandom(seed))] += 1;
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new Error(`${name}, input ${i} (seed ${seed}): ${reason}`, { cause });
    }
    longest = Math.max(longest, performance.now() - began);
    if (i % 100 === 0) largest = Math.max(largest, process.memoryUsage().rss);
  }
  const growth = Math.round((largest - before) / 2 ** 20);
  report(
    `${name}: ${INPUTS} inputs, ${counts.accepted} accepted, ${counts.refused} refused, longest ${longest.toFixed(0)} ms, memory +${growth} MiB`,
  );
  expect(longest).toBeLessThan(LONGEST);
  expect(growth * 2 ** 20).toBeLessThan(MOST_GROWTH);
  // A target that refuses or accepts everything tests little.
  expect(counts.refused).toBeGreaterThan(0);
  expect(counts.accepted).toBeGreaterThan(0);
}

function report(line: string): void {
  const file = process.env.PEEKABOO_FUZZ_LOG;
  if (file) appendFileSync(file, `${line}\n`);
}

/** Runs `use`; an error of one of the classes that users see, with a message, is a refusal. Others are thrown. */
export async function refusedBy(
  errors: readonly (abstract new (...args: never[]) => Error)[],
  use: () => unknown,
): Promise<Verdict> {
  try {
    await use();
    return 'accepted';
  } catch (error) {
    const isExpected = errors.some((kind) => error instanceof kind);
    if (isExpected && error instanceof Error && error.message.length > 10) return 'refused';
    throw error;
  }
}
