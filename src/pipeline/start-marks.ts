/** Marks of the start sequence, in the browser's performance timeline (`performance.getEntriesByType('mark')`). */

const PREFIX = 'peekaboo:';

/** A stage of the start that has ended. Crosses from the worker to the page, whose timelines begin at other times. */
export interface StartMark {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Sets a mark now, once: a later call with the same name does nothing. */
export function markStart(name: string): void {
  if (performance.getEntriesByName(PREFIX + name, 'mark').length === 0) performance.mark(PREFIX + name);
}

/** The marks of this thread. */
export function startMarks(): StartMark[] {
  return performance
    .getEntriesByType('mark')
    .filter(({ name }) => name.startsWith(PREFIX))
    .map(({ name, startTime }) => ({ name: name.slice(PREFIX.length), time: performance.timeOrigin + startTime }));
}

/** Adds the marks of another thread to this one's timeline, except those that it has. */
export function adoptStartMarks(marks: readonly StartMark[]): void {
  for (const { name, time } of marks) {
    if (performance.getEntriesByName(PREFIX + name, 'mark').length > 0) continue;
    performance.mark(PREFIX + name, { startTime: Math.max(0, time - performance.timeOrigin) });
  }
}
