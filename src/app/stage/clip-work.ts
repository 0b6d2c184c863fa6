import type { BehaviorSubject } from 'rxjs';
import type { Seconds } from '../../face/types';

/** `done` and `total`: seconds of the video. `remaining`: seconds, undefined while unknown. */
export interface ClipWork {
  readonly phase: 'none' | 'tracking' | 'rendering';
  readonly done: Seconds;
  readonly total: Seconds;
  readonly remaining?: Seconds;
  /** Number of frames that are tracked; 0 before the whole video is. */
  readonly tracked: number;
}

export const IDLE: ClipWork = { phase: 'none', done: 0, total: 0, tracked: 0 };
/** Seconds of work before the remaining time is estimated. */
const FIRST_ESTIMATE = 2;

/** Starts a phase. The returned function receives the time in the video that is done, and estimates the rest. */
export function startPhase(
  work$: BehaviorSubject<ClipWork>,
  phase: ClipWork['phase'],
  total: Seconds,
  now: () => number = () => performance.now(),
): (done: Seconds) => void {
  const started = now();
  const { tracked } = work$.value;
  work$.next({ phase, done: 0, total, tracked });
  return (done) => {
    const spent = (now() - started) / 1000;
    const isKnown = spent > FIRST_ESTIMATE && done > 0;
    const remaining = isKnown ? { remaining: (spent / done) * Math.max(0, total - done) } : {};
    work$.next({ phase, done, total, ...remaining, tracked });
  };
}
