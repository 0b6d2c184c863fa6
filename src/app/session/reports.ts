import type { TrackedFrame } from '../../face/types';
import type { Progress } from '../../index';

/** What a warning is about. There is one warning per topic. */
export type Topic =
  | 'address'
  | 'source'
  | 'avatar'
  | 'backdrop'
  | 'take'
  | 'recording'
  | 'graphics'
  | 'whole video'
  | 'version'
  | `filter ${string}`;

/** What the user can do about a warning. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** Messages for the user. The session and the stage call it; the UI implements it. */
export interface NoticeReports {
  /** Shows a hint over the picture; null hides it. */
  showHint(text: string | null): void;
  /**
   * Adds a warning, which stays until the user closes it or the returned function is called. A warning with the same
   * topic is replaced.
   */
  warn(text: string, topic?: Topic, action?: NoticeAction): () => void;
  /** Removes the warning with this topic, because its cause has gone. */
  clearWarning(topic: Topic): void;
  /** Shows loading progress; null hides it. */
  showProgress(progress: Progress | null): void;
}

/** Readings beside the picture. The session calls it; the UI implements it. */
export interface ReadingReports {
  /** Starts new readings for a source of this name. */
  startSource(name: string): void;
  /** Removes all readings: the source has ended. */
  clear(): void;
  /** Shows the readings of a tracked frame. `now` in milliseconds, as performance.now(). */
  showFrame(tracked: TrackedFrame, now: number): void;
}
