import type { Timings } from '../face/types';

export type Stage = Exclude<keyof Timings, 'total'>;

/** Adds up the milliseconds of a frame's stages. */
export interface Stopwatch {
  /** Runs and counts for a stage. */
  time<T>(stage: Stage, work: () => T): T;
  /** Runs and counts until the promise settles. */
  timeAsync<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** Starts a frame. */
  start(): void;
  /** The stages since the last call, what was done after the frame before included; total is the frame's wall clock. */
  timings(): Timings;
}

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  let begun = now();
  let spent: Record<Stage, number> = zero();
  return {
    time(stage, work) {
      const start = now();
      try {
        return work();
      } finally {
        spent[stage] += now() - start;
      }
    },
    async timeAsync(stage, work) {
      const start = now();
      try {
        return await work();
      } finally {
        spent[stage] += now() - start;
      }
    },
    start() {
      begun = now();
    },
    timings() {
      const stages = spent;
      spent = zero();
      return { ...stages, total: now() - begun };
    },
  };
}

function zero(): Record<Stage, number> {
  return { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0 };
}
