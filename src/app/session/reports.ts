import type { TrackedFrame } from '../../face/types';
import type { Progress } from '../../index';

/** Messages for the user. The session and the stage call it; the UI implements it. */
export interface NoticeReports {
  /** Shows a hint over the picture; null hides it. */
  showHint(text: string | null): void;
  /** Adds a warning, which stays until the user dismisses it or the returned function is called. */
  warn(text: string): () => void;
  /** Shows loading progress; null hides it. */
  showProgress(progress: Progress | null): void;
}

/** Readings beside the picture. The session calls it; the UI implements it. */
export interface ReadingReports {
  /** Starts new readings for a source of this name. */
  startSource(name: string): void;
  /** Shows the readings of a tracked frame. `now` in milliseconds, as performance.now(). */
  showFrame(tracked: TrackedFrame, now: number): void;
}
