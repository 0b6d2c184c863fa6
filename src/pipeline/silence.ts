/** Milliseconds between two looks. */
const PERIOD = 500;
/** A look that comes later than this does not count: the page itself was busy, hidden or suspended. */
const LATE = 1.9 * PERIOD;

/** Notices that a worker has stopped sending messages. */
export interface SilenceWatch {
  /** A message came. */
  reset(): void;
  stop(): void;
}

/**
 * Calls `onSilent` with the milliseconds of silence when no message came for `limit()` milliseconds; `limit` undefined while
 * silence does not matter. Only time in which the page's own timers run on time is counted.
 */
export function watchSilence(limit: () => number | undefined, onSilent: (milliseconds: number) => void): SilenceWatch {
  let silent = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    const most = limit();
    silent = most === undefined ? 0 : silent + (passed > LATE ? 0 : passed);
    if (most !== undefined && silent >= most) onSilent(silent);
  }, PERIOD);
  return {
    reset() {
      silent = 0;
    },
    stop: () => clearInterval(timer),
  };
}
