import type { Timings } from '../face/types';

/** A step of the pipeline that is timed. */
export type TimedStep = Exclude<keyof Timings, 'total'>;

/** Sums the milliseconds of a frame's steps. */
export interface Stopwatch {
  /** Runs `work` and adds its time to a step. */
  time<T>(step: TimedStep, work: () => T): T;
  /** The same until the promise settles. */
  timeAsync<T>(step: TimedStep, work: () => Promise<T>): Promise<T>;
  /** Starts a frame. */
  start(): void;
  /** Time of the steps since the last call, including work done after the previous frame; total: wall-clock time of the frame. */
  timings(): Timings;
}

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  let begun = now();
  let spent: Record<TimedStep, number> = zero();
  return {
    time(step, work) {
      const start = now();
      try {
        return work();
      } finally {
        spent[step] += now() - start;
      }
    },
    async timeAsync(step, work) {
      const start = now();
      try {
        return await work();
      } finally {
        spent[step] += now() - start;
      }
    },
    start() {
      begun = now();
    },
    timings() {
      const steps = spent;
      spent = zero();
      return { ...steps, total: now() - begun };
    },
  };
}

function zero(): Record<TimedStep, number> {
  return { pixels: 0, detect: 0, crop: 0, focus: 0, decode: 0, smooth: 0 };
}
